import { AwsError, invalidClientToken, signatureMismatch } from "./errors.ts";
import { hasSessionEnded } from "./knobs.ts";
import { roleById } from "./model.ts";
import type { Principal, World } from "./model.ts";
import { readSignature, verifySignature } from "./sigv4.ts";
import type { SignedRequest } from "./sigv4.ts";
import type { ServiceName } from "./xml.ts";

const unknown = (): AwsError => invalidClientToken("The security token included in the request is invalid.");

/**
 * Tells who signed a request: the access key must be known, its session token must be the one issued with
 * it, the signature must verify, the session must not be over (by the clock or by its knob), and its role
 * must still be there.
 */
export const authenticate = (world: World, request: SignedRequest, service: ServiceName): Principal => {
  const given = readSignature(request.headers);
  if (given === undefined)
    throw new AwsError("MissingAuthenticationToken", 403, "Request is missing Authentication Token");
  if (given.service !== service)
    throw signatureMismatch(`Credential should be scoped to correct service: '${service}'.`);
  const credential = world.credentials.get(given.accessKeyId);
  if (credential === undefined) throw unknown();
  if (request.headers["x-amz-security-token"] !== credential.token) throw unknown();
  verifySignature(request, given, credential.secret, Date.now());
  const { principal } = credential;
  const isOver = hasSessionEnded(world.knobs, given.accessKeyId, principal.account);
  if (isOver || (credential.expires !== undefined && world.now() >= credential.expires))
    throw new AwsError("ExpiredToken", 403, "The security token included in the request is expired");
  if (principal.kind === "role" && roleById(world, principal.roleId) === undefined) throw unknown();
  // GetSessionToken: "You cannot call any IAM API operations unless MFA authentication information is
  // included in the request."
  const plainSession = principal.kind === "user" && principal.session?.mfa === false;
  if (service === "iam" && plainSession) throw unknown();
  return principal;
};
