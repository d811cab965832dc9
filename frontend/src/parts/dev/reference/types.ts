/** `/docs/reference/{name}.json`: an operation with what its samples send, written for a key and values of nobody. */
export interface Operation {
  name: string;
  method: string;
  path: string;
  summary: string;
  note: string;
  signed: boolean;
  base: string;
  key: string;
  secret: string;
  recipe: { key: string; timestamp: string; nonce: string; signature: string; window_s: number };
  values: Record<string, string[]>;
  call: Call & { media: string | null };
  samples: { language: string; text: string }[];
  idempotency: string;
  errors: { code: string; status: number; retryable: boolean; outcome: string; text: string }[];
}

export interface Call {
  path: string;
  query: string;
  headers: Record<string, string>;
  body: string;
}

export interface Index {
  groups: { title: string; operations: { name: string; method: string; path: string; summary: string }[] }[];
}

/** What is the reader's own: where he is, his test key, and what of the sandbox stands for the examples' ids. */
export interface Mine {
  base: string;
  key: string;
  secret: string;
  values: Record<string, string>;
}
