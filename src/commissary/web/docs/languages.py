"""The same signed call in the languages that partners write: Node, Java, PHP, Go, C#. Nothing beside each one's own library.

The body stands in a sample as the text that is signed and sent, quoted for its language.
"""

import json
from collections.abc import Callable

from .samples import KEY, SECRET, is_form, pretty, target
from .types import Operation, Recipe

_Parts = tuple[str, str, str, str, str]  # method, path, query, body, media


def node(operation: Operation, base_url: str, recipe: Recipe) -> str:
    method, path, query, body, media = map(_quoted, _parts(operation))
    return f"""import {{ createHash, createHmac, randomBytes }} from "node:crypto";

const BASE = {_quoted(base_url)};
const KEY = {_quoted(KEY)}, SECRET = {_quoted(SECRET)};
const method = {method}, path = {path}, query = {query};
const body = {body};

const timestamp = Math.floor(Date.now() / 1000).toString();
const nonce = randomBytes(16).toString("hex");
const digest = createHash("sha256").update(body).digest("hex");
const text = [method, path, query, timestamp, nonce, digest].join("\\n");
const signature = createHmac("sha256", SECRET).update(text).digest("hex");

const answer = await fetch(BASE + path + (query && "?" + query), {{
  method,
  body: body || undefined,
  headers: {{
    {_quoted(recipe.key_header)}: KEY,
    {_quoted(recipe.timestamp_header)}: timestamp,
    {_quoted(recipe.nonce_header)}: nonce,
    {_quoted(recipe.signature_header)}: signature,
    "Content-Type": {media},{_each(operation, "    {name}: {value},")}
  }},
}});
console.log(answer.status, await answer.text());"""


def java(operation: Operation, base_url: str, recipe: Recipe) -> str:
    method, path, query, body, media = map(_quoted, _parts(operation))
    return f"""import java.net.URI;
import java.net.http.*;
import java.nio.charset.StandardCharsets;
import java.security.*;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public class Sample {{
    public static void main(String[] args) throws Exception {{
        String base = {_quoted(base_url)};
        String key = {_quoted(KEY)}, secret = {_quoted(SECRET)};
        String method = {method}, path = {path}, query = {query};
        byte[] body = {body}.getBytes(StandardCharsets.UTF_8);

        String timestamp = Long.toString(System.currentTimeMillis() / 1000);
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        String nonce = HexFormat.of().formatHex(random);
        String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        String text = String.join("\\n", method, path, query, timestamp, nonce, digest);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        String signature = HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));

        HttpRequest request = HttpRequest.newBuilder(URI.create(base + path + (query.isEmpty() ? "" : "?" + query)))
            .method(method, body.length == 0 ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body))
            .header({_quoted(recipe.key_header)}, key)
            .header({_quoted(recipe.timestamp_header)}, timestamp)
            .header({_quoted(recipe.nonce_header)}, nonce)
            .header({_quoted(recipe.signature_header)}, signature)
            .header("Content-Type", {media}){_each(operation, "            .header({name}, {value})")}
            .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        System.out.println(answer.statusCode() + " " + answer.body());
    }}
}}"""


def php(operation: Operation, base_url: str, recipe: Recipe) -> str:
    method, path, query, body, media = map(_single, _parts(operation))
    return f"""<?php
$base = {_single(base_url)};
$key = {_single(KEY)};
$secret = {_single(SECRET)};
$method = {method};
$path = {path};
$query = {query};
$body = {body};

$timestamp = (string) time();
$nonce = bin2hex(random_bytes(16));
$text = implode("\\n", [$method, $path, $query, $timestamp, $nonce, hash('sha256', $body)]);
$signature = hash_hmac('sha256', $text, $secret);

$answer = file_get_contents($base . $path . ($query === '' ? '' : "?$query"), false, stream_context_create(['http' => [
    'method' => $method,
    'content' => $body,
    'ignore_errors' => true,
    'header' => [
        {_single(recipe.key_header + ": ")} . $key,
        {_single(recipe.timestamp_header + ": ")} . $timestamp,
        {_single(recipe.nonce_header + ": ")} . $nonce,
        {_single(recipe.signature_header + ": ")} . $signature,
        'Content-Type: ' . {media},{_each(operation, "        {name} . ': ' . {value},", _single)}
    ],
]]));
echo $http_response_header[0], "\\n", $answer, "\\n";"""


def go(operation: Operation, base_url: str, recipe: Recipe) -> str:
    method, path, query, body, media = map(_quoted, _parts(operation))
    return f"""package main

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

func main() {{
	base, key, secret := {_quoted(base_url)}, {_quoted(KEY)}, {_quoted(SECRET)}
	method, path, query := {method}, {path}, {query}
	body := {body}

	timestamp := strconv.FormatInt(time.Now().Unix(), 10)
	random := make([]byte, 16)
	rand.Read(random)
	nonce := hex.EncodeToString(random)
	digest := sha256.Sum256([]byte(body))
	text := strings.Join([]string{{method, path, query, timestamp, nonce, hex.EncodeToString(digest[:])}}, "\\n")
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))

	url := base + path
	if query != "" {{
		url += "?" + query
	}}
	request, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {{
		panic(err)
	}}
	request.Header.Set({_quoted(recipe.key_header)}, key)
	request.Header.Set({_quoted(recipe.timestamp_header)}, timestamp)
	request.Header.Set({_quoted(recipe.nonce_header)}, nonce)
	request.Header.Set({_quoted(recipe.signature_header)}, hex.EncodeToString(mac.Sum(nil)))
	request.Header.Set("Content-Type", {media}){_each(operation, "	request.Header.Set({name}, {value})")}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {{
		panic(err)
	}}
	defer answer.Body.Close()
	said, _ := io.ReadAll(answer.Body)
	fmt.Println(answer.Status, string(said))
}}"""


def csharp(operation: Operation, base_url: str, recipe: Recipe) -> str:
    method, path, query, body, media = map(_quoted, _parts(operation))
    return f"""using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

var (url, key, secret) = ({_quoted(base_url)}, {_quoted(KEY)}, {_quoted(SECRET)});
var (method, path, query) = ({method}, {path}, {query});
var body = Encoding.UTF8.GetBytes({body});

var timestamp = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString();
var nonce = Convert.ToHexString(RandomNumberGenerator.GetBytes(16)).ToLowerInvariant();
var digest = Convert.ToHexString(SHA256.HashData(body)).ToLowerInvariant();
var text = string.Join("\\n", method, path, query, timestamp, nonce, digest);
var signature = Convert.ToHexString(
    HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text))).ToLowerInvariant();

var request = new HttpRequestMessage(new HttpMethod(method), url + path + (query == "" ? "" : "?" + query));
if (body.Length > 0)
{{
    request.Content = new ByteArrayContent(body);
    request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse({media});
}}
request.Headers.Add({_quoted(recipe.key_header)}, key);
request.Headers.Add({_quoted(recipe.timestamp_header)}, timestamp);
request.Headers.Add({_quoted(recipe.nonce_header)}, nonce);
request.Headers.Add({_quoted(recipe.signature_header)}, signature);{_each(operation, "request.Headers.Add({name}, {value});")}
using var client = new HttpClient();
var answer = await client.SendAsync(request);
Console.WriteLine($"{{(int)answer.StatusCode}} {{await answer.Content.ReadAsStringAsync()}}");"""


Write = Callable[[Operation, str, Recipe], str]
LANGUAGES: dict[str, Write] = {"Node": node, "Java": java, "PHP": php, "Go": go, "C#": csharp}


def samples_of(operation: Operation, base_url: str, recipe: Recipe) -> list[tuple[str, str]]:
    """(language, program); none for calls that are not signed, which curl and Python show."""
    if not operation.signed or (operation.request and is_form(operation.request.media)):
        return []
    return [(name, write(operation, base_url, recipe)) for name, write in LANGUAGES.items()]


def _parts(operation: Operation) -> _Parts:
    path, query, _ = target(operation)
    request = operation.request
    body = pretty(request.example) if request else ""
    return operation.method, path, query, body, request.media if request else "application/json"


def _each(operation: Operation, line: str, quoted: Callable[[str], str] | None = None) -> str:
    """A line for each further header."""
    of = quoted or _quoted
    _, _, headers = target(operation)
    return "".join("\n" + line.format(name=of(name), value=of(value)) for name, value in headers.items())


def _quoted(text: str) -> str:
    """Between double quotes: what JSON escapes, these languages read alike."""
    return json.dumps(text, ensure_ascii=False)


def _single(text: str) -> str:
    """PHP reads nothing between single quotes but these two."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
