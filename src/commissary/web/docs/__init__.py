"""The documentation of the HTTP API, made from its own OpenAPI 3.1 document.

`types` what a page needs · `read` the specification → types · `samples` signed calls to copy · `words` every text of
the pages, both languages · `render` types → HTML · `markdown` the same without eyes · `changelog` CHANGELOG.md as data ·
`postman` a collection that signs itself · `pages` all of it at its addresses.
"""
