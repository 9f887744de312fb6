/** An error answer of IAM or STS: wire code, HTTP status, message. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number, message: string) {
    super(message);
    this.name = "AwsError";
    this.code = code;
    this.status = status;
  }
}

const maker =
  (code: string, status: number) =>
  (message: string): AwsError =>
    new AwsError(code, status, message);

// Codes and statuses are those of the service models shipped with the AWS SDKs
// (IAM 2010-05-08, STS 2011-06-15) and of the "Common errors" pages of both API references.
export const validationError = maker("ValidationError", 400);
export const invalidInput = maker("InvalidInput", 400);
export const malformedPolicy = maker("MalformedPolicyDocument", 400);
export const noSuchEntity = maker("NoSuchEntity", 404);
export const alreadyExists = maker("EntityAlreadyExists", 409);
export const deleteConflict = maker("DeleteConflict", 409);
export const limitExceeded = maker("LimitExceeded", 409);
export const accessDenied = maker("AccessDenied", 403);
export const invalidIdentityToken = maker("InvalidIdentityToken", 400);
export const expiredIdentityToken = maker("ExpiredTokenException", 400);
export const invalidClientToken = maker("InvalidClientTokenId", 403);
export const signatureMismatch = maker("SignatureDoesNotMatch", 403);
export const throttling = (): AwsError => new AwsError("Throttling", 400, "Rate exceeded");
