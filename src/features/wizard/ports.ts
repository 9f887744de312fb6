import type { AwsAccess } from "../../aws/access.ts";
import type { AskMfaCode, Credentials } from "../../aws/credentials.ts";
import type { Environment } from "../../aws/settings.ts";
import type { Proxy } from "../../tls/proxy.ts";
import type { Boundary } from "../shared/boundary.ts";
import type { Dialogs } from "../shared/dialogs.ts";
import type { Documents } from "../shared/documents.ts";
import type { Store } from "../shared/store.ts";
import type { CircleCiToken } from "../shared/circleCiToken.ts";

/** What the wizard's effects work with. */
export type Ports = {
  readonly env: Environment;
  readonly access: AwsAccess;
  readonly credentials: Credentials;
  readonly mfaCode: AskMfaCode;
  readonly proxy: () => Proxy | undefined;
  readonly token: CircleCiToken;
  readonly boundary: Boundary;
  readonly dialogs: Dialogs;
  readonly documents: Documents;
  readonly store: Store;
  readonly refreshRoles: (profile: string) => void;
};
