import { MANAGED_BY, SETUP_TAG } from "../blueprint/index.ts";

type Tags = Readonly<Record<string, string>>;

/** Whether the product made it, for whatever setup. */
export function isOurs(tags: Tags): boolean {
  return tags["managed-by"] === MANAGED_BY;
}

/** Whether two sets of tags name the same setup. */
export function isSameSetup(one: Tags, other: Tags): boolean {
  return isOurs(one) && isOurs(other) && one[SETUP_TAG] === other[SETUP_TAG];
}

const TOOLS = /\b(cloudformation|terraform|opentofu|pulumi|cdk|crossplane|ansible)\b/i;
const KEYS =
  /^(?:managed[-_ ]?by|created[-_ ]?(?:by|with)|provisioned?[-_ ]?(?:by|with|er)|provisioner|iac|tool)$/i;

/**
 * The tool that manages a resource, as its tags tell: it would take back what is changed beside it. CloudFormation's
 * tags are AWS's own; others are a custom.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html
 */
export function managedElsewhere(tags: Tags): string | undefined {
  for (const [key, value] of Object.entries(tags)) {
    if (key.startsWith("aws:cloudformation:")) return "CloudFormation";
    if (/^aws:/i.test(key)) return key.split(":")[1] ?? "AWS";
    const named = KEYS.test(key) ? TOOLS.exec(value) : TOOLS.exec(key);
    if (named?.[1] !== undefined) return named[1];
  }
  return undefined;
}
