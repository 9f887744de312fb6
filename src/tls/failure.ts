/** Why nothing could be learned from the server. One sentence of the message catalogue belongs to each. */
export type FailureCode =
  | "invalid-issuer"
  | "invalid-proxy"
  | "proxy-unreachable"
  | "proxy-refused"
  | "proxy-authentication"
  | "connection-failed"
  | "certificate-rejected"
  | "timeout"
  | "http-status"
  | "redirected"
  | "too-large"
  | "invalid-discovery"
  | "issuer-mismatch"
  | "invalid-jwks-uri";

/** An expected failure on the way to the server. `message` is technical, without a full stop. */
export class TlsFailure extends Error {
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string) {
    super(message);
    this.name = "TlsFailure";
    this.code = code;
  }
}

/** The text of an unknown error with its system code, such as `ECONNREFUSED`, where it has one. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const code = errorCode(error);
  // An AggregateError of several addresses tried has an empty message.
  const text = error.message || error.name;
  return code === undefined || text.includes(code) ? text : `${text} (${code})`;
}

/** The system or OpenSSL code of an error, if it carries one. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
