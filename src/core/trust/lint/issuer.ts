import { partitions, type Partition } from "../../ids.ts";
import type { TrustCondition, TrustPrincipal, TrustStatement } from "../document.ts";

/** Whose tokens an issuer signs. */
export type IssuerKind =
  /** One CircleCI organization. */
  | "organization"
  /** Every CircleCI organization. */
  | "root"
  /** A CircleCI Server. */
  | "server"
  | "github"
  /** Every customer of another service. */
  | "shared"
  /** Not known. */
  | "other";

/** An OpenID Connect issuer that a statement trusts. */
export type Issuer = {
  readonly kind: IssuerKind;
  /** Without `https://`, as condition keys begin. */
  readonly name: string;
  readonly principal: TrustPrincipal;
  readonly partition: Partition;
  /** The account of the provider; Google, Cognito and the like are named by a domain and have none. */
  readonly accountId: string | undefined;
  /** The organization in the name, as it is written. */
  readonly organization?: string;
};

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Services whose customers share one issuer, and the claim that tells them apart.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
 */
const SHARED: ReadonlyMap<string, "sub" | "aud"> = new Map([
  ["gitlab.com", "sub"],
  ["agent.buildkite.com", "sub"],
  ["app.terraform.io", "sub"],
  ["oidc.codefresh.io", "sub"],
  ["scalr.io", "sub"],
  ["proidc.upbound.io", "sub"],
  ["api.pulumi.com/oidc", "aud"],
  ["oidc.vercel.com", "aud"],
  ["accounts.google.com", "aud"],
  ["www.amazon.com", "aud"],
  ["graph.facebook.com", "aud"],
  ["cognito-identity.amazonaws.com", "aud"],
]);

/** The claim that keeps other customers of a shared issuer out. */
export function decidingClaim({ name, kind }: Issuer): "sub" | "aud" | undefined {
  return kind === "github" ? "sub" : SHARED.get(name);
}

/** The issuers a statement trusts. A SAML provider is none. */
export function issuersOf(statement: TrustStatement): readonly Issuer[] {
  return statement.principals.flatMap((principal): readonly Issuer[] => {
    if (principal.kind !== "Federated") return [];
    const [, partitionName, accountId = "", path] =
      /^arn:([a-z-]+):iam::(\d{12}):oidc-provider\/(.+)$/.exec(principal.value) ?? [];
    if (path === undefined) {
      if (principal.value.startsWith("arn:")) return [];
      const name = principal.value.toLowerCase();
      return [{ kind: kindOf(name, statement), name, principal, partition: "aws", accountId: undefined }];
    }
    const partition = partitions.find((known) => known === partitionName) ?? "aws";
    const organization = /^[^/]+\/org\/([^/]+)$/.exec(path)?.[1];
    const issuer = { kind: kindOf(path, statement), name: path, principal, partition, accountId };
    return [organization === undefined ? issuer : { ...issuer, organization }];
  });
}

function kindOf(name: string, { conditions }: TrustStatement): IssuerKind {
  if (/^oidc\.circleci\.com\/org\/[^/]+$/i.test(name)) return "organization";
  if (/^oidc\.circleci\.com$/i.test(name)) return "root";
  if (/^token\.actions\.githubusercontent\.com(?:\/|$)/.test(name)) return "github";
  if (SHARED.has(name)) return "shared";
  const own = conditions.filter(({ key }) => key.toLowerCase() === `${name.toLowerCase()}:sub`);
  const isJob = own.some(({ values }) => values.some((value) => /^org\/.*\/project\//.test(value)));
  return isJob || /\/org\/[0-9a-f-]{36}$/.test(name) ? "server" : "other";
}

export function isCircleCi({ kind }: Issuer): boolean {
  return kind === "organization" || kind === "root" || kind === "server";
}

/** The name behind the issuer in a condition key, in lower case; undefined for a key of somebody else. */
export function claimOf({ key }: TrustCondition, { name }: Issuer): string | undefined {
  const prefix = `${name.toLowerCase()}:`;
  return key.toLowerCase().startsWith(prefix) ? key.slice(prefix.length).toLowerCase() : undefined;
}
