import type { components } from "./schema";

/** WebAuthn's JSON to what the browser takes, and back. Not every browser has its own way of it yet. */

type Json = Record<string, unknown>;
/** As the document has an object that it does not describe. */
export type Answer = components["schemas"]["PasskeySignInIn"]["assertion"];

/** Passkeys belong to a host name; at a bare address there are none. */
export const passkeysHere =
  typeof PublicKeyCredential !== "undefined" && !/^[\d.]+$|:/.test(location.hostname);

export async function makePasskey(options: Json): Promise<Answer> {
  const user = options.user as Json;
  const made = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...user, id: bytes(user.id) },
      excludeCredentials: named(options.excludeCredentials),
    } as unknown as PublicKeyCredentialCreationOptions,
  });
  const passkey = made as PublicKeyCredential;
  const response = passkey.response as AuthenticatorAttestationResponse;
  return {
    ...plain(passkey),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      attestationObject: text(response.attestationObject),
      transports: response.getTransports?.() ?? [],
    },
  } as unknown as Answer;
}

export async function usePasskey(options: Json): Promise<Answer> {
  const given = await navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      allowCredentials: named(options.allowCredentials),
    } as unknown as PublicKeyCredentialRequestOptions,
  });
  const passkey = given as PublicKeyCredential;
  const response = passkey.response as AuthenticatorAssertionResponse;
  return {
    ...plain(passkey),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      authenticatorData: text(response.authenticatorData),
      signature: text(response.signature),
      userHandle: response.userHandle ? text(response.userHandle) : null,
    },
  } as unknown as Answer;
}

function plain(passkey: PublicKeyCredential): Json {
  return { id: passkey.id, rawId: passkey.id, type: passkey.type, clientExtensionResults: {} };
}

function named(list: unknown): Json[] {
  return ((list ?? []) as Json[]).map((one) => ({ ...one, id: bytes(one.id) }));
}

function bytes(value: unknown): Uint8Array {
  const base64 = String(value).replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

function text(buffer: ArrayBuffer): string {
  const base64 = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return base64.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
