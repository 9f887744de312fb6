import { ENVIRONMENT_PROFILE } from "../core/setup.ts";
import { msg } from "../core/messages.ts";
import type { Problem } from "../core/outcome.ts";
import type { LoginHint } from "./credentialErrors.ts";
import { loadSdk } from "./sdk.ts";

/** The variables of a process, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where a profile's credentials come from, in the order of precedence of the SDK's `fromIni`. */
export type ProfileKind =
  "environment" | "assume-role" | "static" | "web-identity" | "process" | "sso" | "login" | "incomplete";

/** One section of the AWS files. */
export type Section = Readonly<Record<string, string | undefined>>;

/** Both AWS files, read just now. */
export type ConfigFiles = {
  /** Profiles by name; what the credentials file says wins, as in the SDK's `fromIni`. */
  readonly profiles: Readonly<Record<string, Section>>;
  /** `services` sections by name. */
  readonly services: Readonly<Record<string, Section>>;
};

/** What has to be known of a profile before a client is made for it. No secrets. */
export type ProfileSettings = {
  readonly profile: string;
  readonly kind: ProfileKind;
  readonly region: string;
  /** Set where something other than AWS's own address is configured. */
  readonly endpoints: { readonly iam?: string; readonly sts?: string };
  readonly login?: LoginHint;
};

/** Used where neither the caller nor the profile nor the environment names one. IAM itself has no region. */
const DEFAULT_REGION = "us-east-1";

/** The paths of the AWS config and credentials files. */
export function configPaths(env: Environment): { configFilepath?: string; filepath?: string } {
  const configFilepath = env["AWS_CONFIG_FILE"];
  const filepath = env["AWS_SHARED_CREDENTIALS_FILE"];
  return {
    ...(configFilepath === undefined || configFilepath === "" ? {} : { configFilepath }),
    ...(filepath === undefined || filepath === "" ? {} : { filepath }),
  };
}

/** Reads both AWS files, never from the SDK's cache. A file that cannot be read counts as empty. */
export async function readConfigFiles(env: Environment): Promise<ConfigFiles> {
  const { loadSharedConfigFiles, CONFIG_PREFIX_SEPARATOR } = await loadSdk();
  const files = await loadSharedConfigFiles({ ...configPaths(env), ignoreCache: true });
  const profiles: Record<string, Section> = {};
  const services: Record<string, Section> = {};
  for (const [name, section] of Object.entries(files.configFile)) {
    if (name.startsWith(`services${CONFIG_PREFIX_SEPARATOR}`)) {
      services[name.slice(`services${CONFIG_PREFIX_SEPARATOR}`.length)] = section;
    } else if (!name.startsWith(`sso-session${CONFIG_PREFIX_SEPARATOR}`)) profiles[name] = section;
  }
  for (const [name, section] of Object.entries(files.credentialsFile)) {
    profiles[name] = { ...profiles[name], ...section };
  }
  return { profiles, services };
}

/** Where the credentials of a profile section come from. */
export function profileKind(section: Section): ProfileKind {
  const has = (key: string): boolean => section[key] !== undefined;
  if (has("role_arn") && has("source_profile") !== has("credential_source")) return "assume-role";
  if (has("aws_access_key_id") && has("aws_secret_access_key")) return "static";
  if (has("web_identity_token_file") && has("role_arn")) return "web-identity";
  if (has("credential_process")) return "process";
  if (Object.keys(section).some((key) => key.startsWith("sso_"))) return "sso";
  if (has("login_session")) return "login";
  return "incomplete";
}

/**
 * Region, endpoints and kind of a profile. Endpoints are worked out here and given to the clients explicitly,
 * because the SDK looks `endpoint_url` up in the *default* profile, whatever profile the credentials are of.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export async function profileSettings(
  profile: string,
  env: Environment,
  wantedRegion?: string,
): Promise<{ ok: true; settings: ProfileSettings } | { ok: false; problem: Problem }> {
  const files = await readConfigFiles(env);
  const isEnvironment = profile === ENVIRONMENT_PROFILE;
  const section = isEnvironment ? {} : ownSection(files.profiles, profile);
  if (section === undefined) return refuse("aws.unknownProfile", "aws.profile.unknown", { profile });
  const kind = isEnvironment ? "environment" : profileKind(section);
  if (kind === "incomplete") return refuse("aws.profileIncomplete", "aws.profile.incomplete", { profile });
  const regionOfEnvironment = env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"];
  const region = [wantedRegion, section["region"], regionOfEnvironment].find(isSet) ?? DEFAULT_REGION;
  const endpoints = configuredEndpoints(section, files, env);
  if (!endpoints.ok) {
    const args = { profile, section: endpoints.services };
    return { ok: false, problem: { code: "aws.endpoint", message: msg("aws.endpoint.services", args) } };
  }
  const { iam, sts } = endpoints;
  if ([iam, sts].some((url) => url !== undefined && !URL.canParse(url))) {
    return refuse("aws.endpoint", "aws.endpoint.malformed", { profile });
  }
  const login = loginHint(profile, files.profiles);
  return {
    ok: true,
    settings: {
      profile,
      kind,
      region,
      endpoints: { ...(iam === undefined ? {} : { iam }), ...(sts === undefined ? {} : { sts }) },
      ...(login === undefined ? {} : { login }),
    },
  };
}

/** The profile whose session has to be renewed: at the end of the chain of source profiles. */
function loginHint(profile: string, profiles: ConfigFiles["profiles"]): LoginHint | undefined {
  const seen = new Set<string>();
  let name: string | undefined = profile;
  while (name !== undefined && !seen.has(name)) {
    seen.add(name);
    const section: Section | undefined = ownSection(profiles, name);
    if (section === undefined) return undefined;
    const kind = profileKind(section);
    if (kind === "sso" || kind === "login") return { kind, profile: name };
    name = kind === "assume-role" ? section["source_profile"] : undefined;
  }
  return undefined;
}

type Endpoints = { ok: true; iam?: string; sts?: string } | { ok: false; services: string };

function configuredEndpoints(section: Section, files: ConfigFiles, env: Environment): Endpoints {
  const ignored = [env["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"], section["ignore_configured_endpoint_urls"]];
  if (ignored.some((value) => value?.toLowerCase() === "true")) return { ok: true };
  const name = section["services"];
  const services = name === undefined ? {} : ownSection(files.services, name);
  if (services === undefined) return { ok: false, services: name ?? "" };
  const find = (service: "iam" | "sts"): string | undefined =>
    [
      env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`],
      env["AWS_ENDPOINT_URL"],
      services[`${service}.endpoint_url`],
      section["endpoint_url"],
    ].find(isSet);
  const iam = find("iam");
  const sts = find("sts");
  return { ok: true, ...(iam === undefined ? {} : { iam }), ...(sts === undefined ? {} : { sts }) };
}

/** The hosts of the configured endpoints as one text for people; undefined where AWS's own are used. */
export function endpointOverride(settings: ProfileSettings): string | undefined {
  const urls = [settings.endpoints.iam, settings.endpoints.sts].filter((url) => url !== undefined);
  const hosts = [...new Set(urls.map((url) => new URL(url).host))];
  return hosts.length === 0 ? undefined : hosts.join(", ");
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== "";
}

function ownSection(sections: Readonly<Record<string, Section>>, name: string): Section | undefined {
  return Object.hasOwn(sections, name) ? sections[name] : undefined;
}

function refuse(
  code: string,
  id: "aws.profile.unknown" | "aws.profile.incomplete" | "aws.endpoint.malformed",
  args: { profile: string },
): { ok: false; problem: Problem } {
  return { ok: false, problem: { code, message: msg(id, args), advice: msg(`${id}.advice`) } };
}
