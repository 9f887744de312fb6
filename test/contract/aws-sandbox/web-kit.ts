import * as aws from "@aws-sdk/client-iam";
import { AssumeRoleWithWebIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type {
  AssumeRoleWithWebIdentityCommandInput,
  AssumeRoleWithWebIdentityCommandOutput,
} from "@aws-sdk/client-sts";
import { HUB, ISSUER, ORG, PINNED, policy, startKit, webTrust } from "./kit.ts";
import type { Kit, Statement } from "./kit.ts";

export const ROLE = `arn:aws:iam::${HUB}:role/ci`;
export const INVALID = "InvalidIdentityTokenException";
export const VALIDATION = "ValidationError";

/** A hub with a provider and the role `ci`, and a client without any credentials. */
export type WebKit = Kit & {
  readonly assume: (
    token: string,
    input?: Partial<AssumeRoleWithWebIdentityCommandInput>,
  ) => Promise<AssumeRoleWithWebIdentityCommandOutput>;
  readonly trust: (...statements: readonly Statement[]) => Promise<void>;
};

/** Starts it; `clock` is the sandbox's, not that of the signatures. */
export const startWebKit = async (clock: () => Date = () => new Date()): Promise<WebKit> => {
  const kit = await startKit({ clock });
  // No credentials at all: the token is the credential.
  const unsigned = new STSClient({ endpoint: kit.sandbox.endpoint, region: "us-east-1", maxAttempts: 1 });
  await kit.hub.send(new aws.CreateOpenIDConnectProviderCommand({ Url: ISSUER, ClientIDList: [ORG] }));
  await kit.hub.send(
    new aws.CreateRoleCommand({ RoleName: "ci", AssumeRolePolicyDocument: policy(webTrust(PINNED)) }),
  );
  return {
    ...kit,
    assume: (WebIdentityToken, input = {}) =>
      unsigned.send(
        new AssumeRoleWithWebIdentityCommand({
          RoleArn: ROLE,
          RoleSessionName: "build-1",
          WebIdentityToken,
          ...input,
        }),
      ),
    trust: async (...statements) => {
      const PolicyDocument = policy(...statements);
      await kit.hub.send(new aws.UpdateAssumeRolePolicyCommand({ RoleName: "ci", PolicyDocument }));
    },
    end: async () => {
      unsigned.destroy();
      await kit.end();
    },
  };
};
