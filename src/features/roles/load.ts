import {
  identify,
  isCancelled,
  listCircleCiAccess,
  listProfiles,
  type AskMfaCode,
  type AwsAccess,
  type Credentials,
  type Environment,
} from "../../aws/index.ts";
import type { Problem } from "../../core/outcome.ts";
import type { Load } from "./state.ts";

/** What loading works with. */
export type LoadOptions = {
  readonly access: AwsAccess;
  /** The same three that `access` was made with. */
  readonly env: Environment;
  readonly mfaCode: AskMfaCode;
  readonly credentials: Credentials;
  /** Told of every failure that is no cancellation, for the log. */
  readonly onProblem: (problem: Problem) => void;
};

/**
 * Asks AWS. Who the profile is comes first, every time: that reads keys which were edited meanwhile anew, and
 * drops credentials that AWS refuses, so that trying again is worth it.
 */
export function loadFromAws({ access, env, mfaCode, credentials, onProblem }: LoadOptions): Load {
  return async (profile, signal) => {
    const who = await identify({ profile, env, mfaCode, credentials, signal });
    const found = who.ok ? await listCircleCiAccess({ profile, access, signal }) : who;
    if (!found.ok) {
      if (!isCancelled(found.problem)) onProblem(found.problem);
      return found;
    }
    const { profiles } = await listProfiles(env);
    const region = profiles.find(({ name }) => name === profile)?.region;
    return { ok: true, access: found, ...(region === undefined ? {} : { region }) };
  };
}
