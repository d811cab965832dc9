/** RFC 9457, as the server sends it. */
export interface Problem {
  title: string;
  title_zh: string;
  status: number;
  code: string;
  retryable: boolean;
  outcome: "failed" | "pending" | "unknown";
  request_id: string;
  fields?: { path: string; message: string }[];
  facts?: Record<string, unknown>;
}

export class Fault extends Error {
  readonly status: number;
  readonly problem: Problem | undefined;
  readonly requestId: string;

  constructor(status: number, problem: Problem | undefined, requestId: string) {
    super(problem?.code ?? `status ${status}`);
    this.status = status;
    this.problem = problem;
    this.requestId = problem?.request_id ?? requestId;
  }
}

/** No answer came: whether something was done is not known. */
export class Offline extends Error {}

/** Is it worth asking again, without a person? Never after a refusal that will be the same. */
export function retryable(error: unknown): boolean {
  if (error instanceof Offline) return true;
  return error instanceof Fault && (error.problem?.retryable ?? error.status >= 502);
}
