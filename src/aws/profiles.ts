import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { msg } from "../core/messages.ts";
import type { Problem } from "../core/outcome.ts";
import { ENVIRONMENT_PROFILE } from "../core/setup.ts";
import { configPaths, profileKind, readConfigFiles, type Environment, type ProfileKind } from "./settings.ts";
import { field, textField } from "./values.ts";

/** A source of credentials that the user can choose, as the AWS files describe it. */
export type AwsProfile = {
  /** The profile's name; `ENVIRONMENT_PROFILE` for the credentials in the environment. */
  readonly name: string;
  readonly kind: ProfileKind;
  readonly region?: string;
};

export type ProfileList = {
  readonly profiles: readonly AwsProfile[];
  /** Files that exist and cannot be read. */
  readonly problems: readonly Problem[];
};

/**
 * The profiles in the AWS config and credentials files, in their order, after the credentials of the
 * environment where there are any. Reads both files anew; runs nothing and calls nobody.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 */
export async function listProfiles(env: Environment): Promise<ProfileList> {
  const paths = configPaths(env);
  const home = env["HOME"] ?? env["USERPROFILE"] ?? homedir();
  const checks = await Promise.all([
    unreadable(paths.configFilepath ?? join(home, ".aws", "config"), home),
    unreadable(paths.filepath ?? join(home, ".aws", "credentials"), home),
  ]);
  const files = await readConfigFiles(env);
  const named = Object.entries(files.profiles)
    .filter(([name]) => name !== ENVIRONMENT_PROFILE)
    .map(([name, section]) => withRegion({ name, kind: profileKind(section) }, section["region"]));
  return {
    profiles: [...environmentProfile(env), ...named],
    problems: checks.flat(),
  };
}

function environmentProfile(env: Environment): readonly AwsProfile[] {
  const has = (name: string): boolean => env[name] !== undefined && env[name] !== "";
  if (!has("AWS_ACCESS_KEY_ID") || !has("AWS_SECRET_ACCESS_KEY")) return [];
  const region = env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"];
  return [withRegion({ name: ENVIRONMENT_PROFILE, kind: "environment" }, region)];
}

function withRegion(profile: AwsProfile, region: string | undefined): AwsProfile {
  return region === undefined || region === "" ? profile : { ...profile, region };
}

/** The SDK takes a file that it cannot read for an empty one; a missing file is one. */
async function unreadable(path: string, home: string): Promise<readonly Problem[]> {
  try {
    await readFile(path.startsWith("~/") ? join(home, path.slice(2)) : path);
    return [];
  } catch (error) {
    if (field(error, "code") === "ENOENT") return [];
    const code = textField(error, "code") ?? "?";
    return [
      {
        code: "aws.profilesUnreadable",
        message: msg("aws.profile.unreadable", { path }),
        advice: msg("aws.profile.unreadable.advice", { code }),
      },
    ];
  }
}
