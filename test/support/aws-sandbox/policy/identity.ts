import { malformedPolicy } from "../errors.ts";
import { readDocument } from "./document.ts";
import type { PolicyDocument, Statement } from "./document.ts";

const IAM_RESOURCES = [
  "user/",
  "federated-user/",
  "role/",
  "group/",
  "instance-profile/",
  "mfa/",
  "server-certificate/",
  "policy/",
  "sms-mfa/",
  "saml-provider/",
  "oidc-provider/",
  "report/",
  "access-report/",
];

const checkAction = (action: string): void => {
  if (action === "*") return;
  const parts = action.split(":");
  const vendor = parts[0] ?? "";
  if (parts.length < 2 || vendor === "")
    throw malformedPolicy("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
  if (parts.length > 2) throw malformedPolicy("Actions/Condition can contain only one colon.");
  if (!/^[A-Za-z0-9-]+$/.test(vendor)) throw malformedPolicy(`Vendor ${vendor} is not valid`);
};

const checkIamResource = (resource: string, region: string, path: string): void => {
  if (region !== "" && region !== "*")
    throw malformedPolicy(`IAM resource ${resource} cannot contain region information.`);
  const known = path === "*" || IAM_RESOURCES.some((start) => path.startsWith(start));
  if (!known && !path.startsWith("*"))
    throw malformedPolicy(`IAM resource path must either be "*" or start with ${IAM_RESOURCES.join(", ")}.`);
};

const checkResource = (resource: string): void => {
  if (resource === "*") return;
  const [arn, partition = "", vendor = "", region = "", , ...path] = resource
    .replaceAll(/\$\{[^}]*\}/g, "*")
    .split(":");
  if (arn !== "arn" || path.length === 0)
    throw malformedPolicy(`Resource ${resource} must be in ARN format or "*".`);
  if (!/^(?:aws(?:-[a-z-]+)?|\*)$/.test(partition))
    throw malformedPolicy(`Partition "${partition}" is not valid for resource "${resource}".`);
  if (/[*?]/.test(vendor))
    throw malformedPolicy("Resource vendor must be fully qualified and cannot contain regexes.");
  if (vendor === "iam") checkIamResource(resource, region, path.join(":"));
};

const checkStatement = (statement: Statement): void => {
  if (statement.principal !== undefined || statement.notPrincipal)
    throw malformedPolicy("Policy document should not specify a principal.");
  for (const action of statement.actions ?? statement.notActions ?? []) checkAction(action);
  const resources = statement.resources ?? statement.notResources ?? [];
  if (resources.length === 0) throw malformedPolicy("Policy statement must contain resources.");
  for (const resource of resources) checkResource(resource);
};

/**
 * Reads a managed, inline or session policy and checks what only such policies are asked for: a version,
 * resources, vendors, and no principal.
 */
export const readIdentityPolicy = (text: string): PolicyDocument => {
  const document = readDocument(text, "identity");
  if (document.version === undefined)
    throw malformedPolicy("Policy document must be version 2012-10-17 or greater.");
  for (const statement of document.statements) checkStatement(statement);
  return document;
};
