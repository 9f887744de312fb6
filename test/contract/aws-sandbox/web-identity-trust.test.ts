import * as aws from "@aws-sdk/client-iam";
import { AssumeRoleWithWebIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  HOST,
  HUB,
  ORG,
  PINNED,
  PROJECT,
  PROVIDER,
  SUB,
  createIssuer,
  failure,
  policy,
  startKit,
  webTrust,
} from "./kit.ts";
import type { Statement } from "./kit.ts";
import { ROLE, startWebKit } from "./web-kit.ts";
import type { WebKit } from "./web-kit.ts";

let kit: WebKit;

beforeAll(async () => {
  kit = await startWebKit();
});
afterAll(() => kit.end());

const CLAIM = `${HOST}:oidc.circleci.com`;
const WORKFLOW = `org/${ORG}/project/${PROJECT}/user/????????-????-????-????-????????????/vcs-origin/github.com/acme/web/vcs-ref/refs/heads/main`;
const REFUSED = {
  name: "AccessDenied",
  status: 403,
  message: "Not authorized to perform sts:AssumeRoleWithWebIdentity",
};

type TrustRow = readonly [rule: string, admitted: boolean, statements: readonly Statement[]];

const TRUST: readonly TrustRow[] = [
  ["no condition", true, [webTrust()]],
  ["the audience and the project", true, [webTrust(PINNED)]],
  ["another project", false, [webTrust({ StringEquals: { [`${CLAIM}/project-id`]: ORG } })]],
  [
    "the project in upper case",
    false,
    [webTrust({ StringEquals: { [`${CLAIM}/project-id`]: PROJECT.toUpperCase() } })],
  ],
  ["a key name in another case", true, [webTrust({ StringEquals: { [`${CLAIM}/PROJECT-ID`]: PROJECT } })]],
  [
    "the short key that does not exist",
    false,
    [webTrust({ StringEquals: { [`${HOST}:project-id`]: PROJECT } })],
  ],
  ["a subject mask", true, [webTrust({ StringLike: { [`${HOST}:sub`]: WORKFLOW } })]],
  ["another branch", false, [webTrust({ StringLike: { [`${HOST}:sub`]: `${WORKFLOW}2` } })]],
  ["StringEquals with a star", false, [webTrust({ StringEquals: { [`${HOST}:sub`]: `org/${ORG}/*` } })]],
  [
    "a context, which is no key",
    false,
    [
      webTrust({
        "ForAnyValue:StringEquals": { [`${CLAIM}/context-ids`]: "99999999-8888-7777-6666-555555555555" },
      }),
    ],
  ],
  [
    "ForAllValues on a key that is no key",
    true,
    [webTrust({ "ForAllValues:StringEquals": { [`${CLAIM}/context-ids`]: "x" } })],
  ],
  [
    "IfExists on a key that is no key",
    true,
    [webTrust({ StringEqualsIfExists: { [`${CLAIM}/vcs-ref`]: "x" } })],
  ],
  [
    "a negation on a key that is no key",
    true,
    [webTrust({ StringNotEquals: { [`${CLAIM}/vcs-ref`]: "refs/heads/main" } })],
  ],
  [
    "a branch key, which is no key",
    false,
    [webTrust({ StringEquals: { [`${CLAIM}/vcs-ref`]: "refs/heads/main" } })],
  ],
  ["an empty list of values", false, [webTrust({ StringEquals: { [`${HOST}:aud`]: [] } })]],
  ["another provider", false, [{ ...webTrust(), Principal: { Federated: `${PROVIDER}x` } }]],
  [
    "another account's provider",
    false,
    [{ ...webTrust(), Principal: { Federated: PROVIDER.replace(HUB, SUB) } }],
  ],
  ["everybody in AWS", false, [{ ...webTrust(), Principal: { AWS: "*" } }]],
  ["the account", false, [{ ...webTrust(), Principal: { AWS: HUB } }]],
  ["the wrong action", false, [{ ...webTrust(), Action: "sts:AssumeRole" }]],
  ["a misspelt action", false, [{ ...webTrust(), Action: "sts:AssumeRoleWithWebIdentiy" }]],
  ["an action in another case", true, [{ ...webTrust(), Action: "STS:assumerolewithwebidentity" }]],
  ["every sts action", true, [{ ...webTrust(), Action: "sts:*" }]],
  [
    "NotAction that spares the action",
    true,
    [{ Effect: "Allow", Principal: { Federated: PROVIDER }, NotAction: "sts:TagSession" }],
  ],
  [
    "NotAction that names the action",
    false,
    [{ Effect: "Allow", Principal: { Federated: PROVIDER }, NotAction: "sts:AssumeRoleWith*" }],
  ],
  ["a deny beside the allow", false, [webTrust(), { ...webTrust(PINNED), Effect: "Deny" }]],
  [
    "a deny that does not match",
    true,
    [webTrust(), { ...webTrust({ Bool: { [`${CLAIM}/ssh-rerun`]: "true" } }), Effect: "Deny" }],
  ],
  ["the session's name", true, [webTrust({ StringEquals: { "sts:RoleSessionName": "build-1" } })]],
  ["no principal ARN", true, [webTrust({ Null: { "aws:PrincipalArn": "true" } })]],
  ["this address", true, [webTrust({ IpAddress: { "aws:SourceIp": "127.0.0.0/8" } })]],
  ["another address", false, [webTrust({ NotIpAddress: { "aws:SourceIp": "127.0.0.0/8" } })]],
  ["transport security", true, [webTrust({ Bool: { "aws:SecureTransport": "true" } })]],
  ["a time that is over", false, [webTrust({ DateLessThan: { "aws:CurrentTime": "2020-01-01T00:00:00Z" } })]],
  ["the raw audience", true, [webTrust({ "ForAnyValue:StringEquals": { [`${HOST}:oaud`]: ORG } })]],
  ["no roles claim", true, [webTrust({ Bool: { "sts:RoleAuthorizedByIdp": "false" } })]],
];

describe("a trust policy with", () => {
  it.each(TRUST)("%s: admitted %s", async (_, admitted, statements) => {
    await kit.trust(...statements);
    const outcome = await failure(kit.assume(await kit.issuer.token()));
    if (admitted) expect(outcome).toBeUndefined();
    else expect(outcome).toMatchObject(REFUSED);
  });

  it("email and amr sees them where the token has them", async () => {
    await kit.trust(
      webTrust({
        StringEquals: { [`${HOST}:email`]: "a@example.com" },
        "ForAnyValue:StringEquals": { [`${HOST}:amr`]: "mfa" },
      }),
    );
    expect(await failure(kit.assume(await kit.issuer.token()))).toMatchObject(REFUSED);
    const token = await kit.issuer.token({ email: "a@example.com", amr: ["pwd", "mfa"] });
    expect(await failure(kit.assume(token))).toBeUndefined();
  });
});

it("gives no project id for an issuer that is not an organization's", async () => {
  const iss = "https://oidc.circleci.com";
  const root = await createIssuer(undefined, iss);
  const own = await startKit({ fetchJson: root.fetchJson });
  const client = new STSClient({ endpoint: own.sandbox.endpoint, region: "us-east-1", maxAttempts: 1 });
  await own.hub.send(new aws.CreateOpenIDConnectProviderCommand({ Url: iss, ClientIDList: [ORG] }));
  const Federated = `arn:aws:iam::${HUB}:oidc-provider/oidc.circleci.com`;
  const key = "oidc.circleci.com:oidc.circleci.com/project-id";
  const statement = { ...webTrust({ Null: { [key]: "true" } }), Principal: { Federated } };
  const AssumeRolePolicyDocument = policy(statement);
  await own.hub.send(new aws.CreateRoleCommand({ RoleName: "ci", AssumeRolePolicyDocument }));
  const WebIdentityToken = await root.token();
  const input = { RoleArn: ROLE, RoleSessionName: "build", WebIdentityToken };
  expect(await failure(client.send(new AssumeRoleWithWebIdentityCommand(input)))).toBeUndefined();
  client.destroy();
  await own.end();
});
