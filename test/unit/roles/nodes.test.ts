import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { english, msg } from "../../../src/core/messages.ts";
import type { Problem } from "../../../src/core/outcome.ts";
import { findNode } from "../../../src/features/roles/node.ts";
import { rolesNodes } from "../../../src/features/roles/nodes.ts";
import { failure, type RolesState } from "../../../src/features/roles/state.ts";
import { commands } from "../../../src/manifest.ts";
import {
  ACCOUNT,
  anAccess,
  aProvider,
  aReady,
  aRole,
  flatten,
  ORGANIZATION,
  outline,
  providerArn,
} from "./fixtures.ts";

const nodesOf = (state: RolesState) => rolesNodes(state, english);
const linesOf = (state: RolesState) => outline(nodesOf(state));

const signInProblem: Problem = {
  code: "aws.ssoExpired",
  message: msg("aws.sso.expired", { profile: "dev" }),
  advice: msg("aws.sso.expired.advice"),
  command: ["aws", "sso", "login", "--profile", "dev"],
};

describe("states", () => {
  it("leaves the tree empty before a profile was chosen, so that the welcome text shows", () => {
    expect(nodesOf({ kind: "noProfile" })).toEqual([]);
  });

  it("offers to load a profile that is only remembered", () => {
    const nodes = nodesOf({ kind: "remembered", profile: "dev" });
    expect(outline(nodes)).toEqual(["cloud Load roles of profile dev", "account Choose another AWS profile"]);
    expect(nodes.map((node) => node.command)).toEqual([
      { kind: "command", id: commands.refreshRoles },
      { kind: "command", id: commands.chooseProfile },
    ]);
  });

  it("shows the loading of a profile", () => {
    expect(linesOf({ kind: "loading", profile: "dev" })).toEqual([
      "loading~spin Asking AWS with profile dev…",
    ]);
  });

  it("keeps what was loaded on show while the same profile is loaded again", () => {
    const previous = aReady();
    expect(linesOf({ kind: "loading", profile: "dev", previous })).toEqual(linesOf(previous));
  });

  it("says how to sign in, as a command for a terminal, and offers to try again", () => {
    const state = failure("dev", signInProblem);
    expect(state.kind).toBe("signedOut");
    expect(linesOf(state)).toEqual([
      "warning The SSO session of the profile dev has expired or was not started.",
      "lightbulb Sign in, then try again.",
      "terminal Run aws sso login --profile dev",
      "refresh Try again",
      "account Choose another AWS profile",
    ]);
    expect(findNode(nodesOf(state), "terminal")?.command).toEqual({
      kind: "terminal",
      command: ["aws", "sso", "login", "--profile", "dev"],
    });
  });

  it("shows a failure with its code and a retry", () => {
    const state = failure("dev", { code: "aws.network", message: msg("aws.network", { code: "ENOTFOUND" }) });
    expect(state.kind).toBe("failed");
    expect(linesOf(state)).toEqual([
      "error AWS cannot be reached (ENOTFOUND).",
      "refresh Try again",
      "account Choose another AWS profile",
    ]);
    expect(nodesOf(state)[0]?.tooltip).toContain("aws.network");
  });

  it("takes expired temporary credentials for being signed out", () => {
    const problem = { code: "aws.expired", message: msg("aws.expired", { profile: "dev" }) };
    expect(failure("dev", problem).kind).toBe("signedOut");
  });
});

describe("a loaded account", () => {
  it("lists provider, roles and policies", () => {
    const role = aRole({
      managedByUs: true,
      attachedPolicies: [
        { arn: "arn:aws:iam::aws:policy/ReadOnlyAccess", name: "ReadOnlyAccess" },
        { arn: `arn:aws:iam::${ACCOUNT}:policy/own`, name: "own" },
      ],
      inlinePolicies: ["bucket"],
    });
    expect(linesOf(aReady({ providers: [aProvider({ roles: [role, aRole({ name: "other" })] })] }))).toEqual([
      `cloud Account ${ACCOUNT} — dev`,
      `  shield Organization ${ORGANIZATION}`,
      `    tag Audiences — ${ORGANIZATION}`,
      "    tag Thumbprints — 06b25927c42a721631c1efd9431e648fa62e1e39",
      "    key deploy — made here",
      "      json Trust policy",
      "      law ReadOnlyAccess — AWS managed policy",
      "      law own — managed policy",
      "      law bucket — inline policy",
      "    key other",
      "      json Trust policy",
      "      info No policies: the role may do nothing yet.",
    ]);
  });

  it("says who is asked where it is not AWS itself", () => {
    const { identity } = anAccess();
    const ready = aReady({ identity: { ...identity, endpointOverride: "127.0.0.1:4566" } });
    expect(linesOf(ready)[0]).toBe(`cloud Account ${ACCOUNT} — dev · asked at 127.0.0.1:4566`);
  });

  it("opens the trust policy as JSON, as it is stored", () => {
    const trust = { Version: "2012-10-17", Statement: [{ Effect: "Allow" }] };
    const ready = aReady({ providers: [aProvider({ roles: [aRole({ trust })] })] });
    const action = flatten(nodesOf(ready)).find((node) => node.kind === "trustPolicy")?.command;
    expect(action).toMatchObject({ kind: "document", name: "deploy-trust-policy.json" });
    expect(action?.kind === "document" ? JSON.parse(action.text) : undefined).toEqual(trust);
  });

  it("says below the trust policy who can assume the role", () => {
    const principal = { AWS: "arn:aws:iam::444455556666:root" };
    const trust = { Statement: [{ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" }] };
    const ready = aReady({ providers: [aProvider({ roles: [aRole({ trust })] })] });
    const found = flatten(nodesOf(ready)).find((node) => node.kind === "trustPolicy")?.children ?? [];
    expect(found.map(({ label, children }) => [label, children.map((child) => child.label)])).toEqual([
      [
        "These can assume the role:",
        ["Everyone in the AWS account 444455556666 whose own policies allow it"],
      ],
    ]);
  });

  it("opens a trust policy that is no JSON as the text it is", () => {
    const ready = aReady({ providers: [aProvider({ roles: [aRole({ trust: "{broken" })] })] });
    const action = flatten(nodesOf(ready)).find((node) => node.kind === "trustPolicy")?.command;
    expect(action).toEqual({ kind: "document", name: "deploy-trust-policy.txt", text: "{broken" });
  });

  it("leads to Set Up where CircleCI has no provider", () => {
    const nodes = nodesOf(aReady({ providers: [] }));
    expect(outline(nodes).slice(1)).toEqual([
      "  info CircleCI has no OIDC provider in this account.",
      "  add Set Up AWS Access",
    ]);
    expect(flatten(nodes).at(-1)?.command).toEqual({ kind: "command", id: commands.setUp });
  });

  it("warns of a provider that every CircleCI customer shares", () => {
    const { organizationId: _, ...shared } = aProvider({ url: "https://oidc.circleci.com" });
    const lines = linesOf(aReady({ providers: [shared] }));
    expect(lines[1]).toBe("  shield All of CircleCI");
    expect(lines[2]).toMatch(/^ {4}warning Every CircleCI customer shares this issuer/);
  });

  it("says that no role trusts a provider only where roles could be listed", () => {
    const providers = [aProvider({ roles: [] })];
    expect(linesOf(aReady({ providers })).at(-1)).toBe("    info No role trusts this provider.");
    const incomplete = [msg("aws.roles.unlisted", { action: "iam:ListRoles" })];
    const lines = linesOf(aReady({ providers, incomplete }));
    expect(lines[1]).toContain("warning Roles could not be listed: iam:ListRoles is missing.");
    expect(lines.at(-1)).toBe("    warning Its roles could not be listed.");
    expect(lines.join("\n")).not.toContain("No role trusts");
  });

  it("does not call a role powerless whose policies could not be read", () => {
    const incomplete = [msg("aws.roles.details", { name: "deploy", action: "iam:ListRolePolicies" })];
    const lines = linesOf(aReady({ incomplete }));
    expect(lines[1]).toContain("Details of deploy could not be read");
    expect(lines.join("\n")).not.toContain("No policies");
  });

  it("marks what has an ARN and a console page for the menus, and nothing else", () => {
    const role = aRole({
      attachedPolicies: [{ arn: "arn:aws:iam::aws:policy/X", name: "X" }],
      inlinePolicies: ["y"],
    });
    const nodes = flatten(nodesOf(aReady({ providers: [aProvider({ roles: [role] })] })));
    const words = Object.fromEntries(nodes.map((node) => [node.kind, node.contextValue]));
    expect(words).toEqual({
      account: "account",
      provider: "provider arn console",
      detail: "detail",
      role: "role arn console",
      trustPolicy: "trustPolicy",
      managedPolicy: "managedPolicy arn console",
      inlinePolicy: "inlinePolicy",
    });
  });

  it("gives every node an ID of its own, also where a role trusts two providers", () => {
    const second = aProvider({ arn: `${providerArn.slice(0, -1)}c` });
    const ids = flatten(nodesOf(aReady({ providers: [aProvider(), second] }))).map((node) => node.id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("text from outside", () => {
  it("shows hidden characters wherever it stands", () => {
    const evil = "a\u202Eb\nc\u200Bd";
    const incomplete = [msg("aws.roles.details", { name: evil, action: "iam:GetRole" })];
    const role = aRole({
      name: evil,
      arn: evil,
      attachedPolicies: [{ arn: evil, name: evil }],
      inlinePolicies: [evil],
    });
    const provider = aProvider({
      arn: evil,
      url: evil,
      audiences: [evil],
      thumbprints: [evil],
      roles: [role],
    });
    const ready = { ...aReady({ providers: [provider], incomplete }), profile: evil };
    const states: readonly RolesState[] = [
      ready,
      { kind: "remembered", profile: evil },
      { kind: "loading", profile: evil },
      failure(evil, {
        code: "aws.ssoExpired",
        message: msg("aws.sso.expired", { profile: evil }),
        command: ["aws", "sso", "login", "--profile", evil],
      }),
    ];
    for (const node of states.flatMap((state) => flatten(nodesOf(state)))) {
      const texts = [node.label, node.description ?? "", ...(node.tooltip ?? "").split("\n")];
      for (const text of texts) expect(text).not.toMatch(/[\u202E\u200B\n]/u);
    }
    expect(linesOf(ready)[0]).toBe(`cloud Account ${ACCOUNT} — a⟨U+202E⟩b⟨U+000A⟩c⟨U+200B⟩d`);
  });

  it("never lets an argument of a sentence bring hidden characters in", () => {
    const anyText = fc
      .array(fc.integer({ min: 0, max: 0x10ffff }))
      .map((codePoints) => String.fromCodePoint(...codePoints));
    fc.assert(
      fc.property(anyText, (profile) => {
        const [load] = nodesOf({ kind: "remembered", profile });
        expect(load?.label).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
      }),
    );
  });
});
