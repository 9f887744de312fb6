import { accessDenied, invalidIdentityToken } from "../errors.ts";
import { accountOfArn, propagated, roleByArn } from "../model.ts";
import type { Provider, World } from "../model.ts";
import { integer, need } from "../params.ts";
import type { Params } from "../params.ts";
import { mergeContext, requestContext } from "../permissions.ts";
import { decideTrust } from "../policy/evaluate.ts";
import type { Context } from "../policy/pattern.ts";
import { checkLength } from "../validate.ts";
import type { XmlObject } from "../xml.ts";
import { checkMaxSession, openSession, roleArn, sessionName, sessionPolicies } from "./sessions.ts";
import { decodeToken, readClaims, verifyToken } from "./token.ts";
import type { Claims } from "./token.ts";
import { namesProvider, trustInForce } from "./trust.ts";

const refused = (): Error => accessDenied("Not authorized to perform sts:AssumeRoleWithWebIdentity");

const findProvider = (world: World, role: string, iss: string): Provider => {
  const account = accountOfArn(world, role);
  const url = iss.startsWith("https://") ? iss.slice("https://".length) : iss;
  const found = [...(account?.providers.values() ?? [])].find((provider) => provider.url === url);
  if (found === undefined || !iss.startsWith("https://") || !propagated(world, found.at))
    throw invalidIdentityToken(`No OpenIDConnect provider found in your account for ${iss}`);
  return found;
};

const stringList = (value: unknown): readonly string[] => {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.filter((item) => typeof item === "string");
};

/** The claims that stay with the session and can be used in later policies. */
const carriedContext = (provider: Provider, claims: Claims): Context => {
  const amr = stringList(claims.all["amr"]);
  return new Map<string, readonly string[]>([
    [`${provider.url}:aud`, [claims.audience]],
    [`${provider.url}:sub`, [claims.sub]],
    ...(amr.length > 0 ? [[`${provider.url}:amr`, amr] as const] : []),
    ["aws:FederatedProvider", [provider.arn]],
  ]);
};

/**
 * The claims a trust policy can see, which are few: of CircleCI's own claims only the project id, and only
 * for an organization's issuer.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
 */
const claimContext = (provider: Provider, claims: Claims): Context => {
  const { url } = provider;
  const email = claims.all["email"];
  const project = claims.all["oidc.circleci.com/project-id"];
  const exposed = url.startsWith("oidc.circleci.com/org/") && typeof project === "string";
  return new Map<string, readonly string[]>([
    ...carriedContext(provider, claims),
    [`${url}:oaud`, claims.rawAudiences],
    ...(typeof email === "string" ? [[`${url}:email`, [email]] as const] : []),
    ...(exposed ? [[`${url}:oidc.circleci.com/project-id`, [project]] as const] : []),
  ]);
};

const ROLES_CLAIM = "https://aws.amazon.com/roles";

/** A token may itself say which roles it is for; then STS holds the request to it. */
const checkRolesClaim = (claims: Claims, role: string): boolean => {
  const claim = claims.all[ROLES_CLAIM];
  if (claim === undefined || claim === null) return false;
  const roles = typeof claim === "string" ? claim.split(";") : stringList(claim);
  if (!roles.some((entry) => entry.trim() === role))
    throw invalidIdentityToken("The target role ARN is not present in the roles claim of the identity token");
  return true;
};

const trustContext = (
  world: World,
  provider: Provider,
  claims: Claims,
  call: { readonly name: string; readonly byIdp: boolean; readonly userAgent: string },
): Context =>
  mergeContext(
    requestContext(world, call.userAgent),
    claimContext(provider, claims),
    // There is no aws:PrincipalArn: nobody is signed in yet.
    new Map([
      ["aws:PrincipalAccount", [provider.arn.split(":")[4] ?? ""]],
      ["aws:PrincipalType", ["User"]],
      ["aws:userid", [provider.arn]],
      ["sts:RoleSessionName", [call.name]],
      ["sts:RoleAuthorizedByIdp", [String(call.byIdp)]],
    ]),
  );

/**
 * AssumeRoleWithWebIdentity, which needs no credentials: the token is the credential.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
export const assumeRoleWithWebIdentity = async (
  world: World,
  params: Params,
  userAgent: string,
): Promise<XmlObject> => {
  const target = roleArn(params, () => "Request ARN is invalid");
  const name = sessionName(params);
  const token = checkLength("WebIdentityToken", need(params, "WebIdentityToken"), 4, 20_000);
  const seconds = integer(params, "DurationSeconds", 900, 43_200) ?? 3600;
  const policies = sessionPolicies(world, params, target);
  if (params.has("ProviderId")) throw refused();

  const parsed = decodeToken(token);
  const claims = readClaims(parsed.claims, world.now());
  const provider = findProvider(world, target, claims.iss);
  if (!provider.clientIds.includes(claims.audience)) throw invalidIdentityToken("Incorrect token audience");
  await verifyToken(world, token, parsed, claims.iss);
  const byIdp = checkRolesClaim(claims, target);

  const role = roleByArn(world, target);
  const trust = role === undefined ? undefined : trustInForce(world, role);
  if (role === undefined || trust === undefined) throw refused();
  const context = trustContext(world, provider, claims, { name, byIdp, userAgent });
  const action = "sts:AssumeRoleWithWebIdentity";
  if (decideTrust(trust, { action, context }, namesProvider(provider.arn)) !== "direct") throw refused();
  checkMaxSession(role, seconds);
  return {
    ...openSession(world, { role, name, seconds, policies, carried: carriedContext(provider, claims) }),
    SubjectFromWebIdentityToken: claims.sub,
    Audience: claims.audience,
    Provider: provider.arn,
  };
};
