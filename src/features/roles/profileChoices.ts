import type { AwsProfile, ProfileList } from "../../aws/index.ts";
import { msg, type Translate } from "../../core/messages.ts";
import type { Problem } from "../../core/outcome.ts";
import { sayVisibly } from "../shared/visibly.ts";
import { profileName } from "./nodes.ts";
import { visible } from "../../core/visible.ts";

/** One line of the profile picker: a profile, or a file that cannot be read. */
export type ProfileChoice = {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
} & ({ readonly profile: string } | { readonly problem: Problem });

/** The lines of the profile picker: unreadable files first, then the profiles in their order. */
export function profileChoices(
  { profiles, problems }: ProfileList,
  current: string | undefined,
  translate: Translate,
): readonly ProfileChoice[] {
  const say = sayVisibly(translate);
  return [
    ...problems.map((problem) => ({
      label: `$(warning) ${say(problem.message)}`,
      ...(problem.advice === undefined ? {} : { detail: say(problem.advice) }),
      problem,
    })),
    ...profiles.map((profile) => ({
      label: profileName(profile.name, translate),
      description: description(profile, current, say),
      profile: profile.name,
    })),
  ];
}

function description(profile: AwsProfile, current: string | undefined, say: Translate): string {
  const kind = profile.kind === "environment" ? [] : [say(msg(`wizard.profile.kind.${profile.kind}`))];
  const region = profile.region === undefined ? [] : [visible(profile.region)];
  const mark = profile.name === current ? [say(msg("roles.pick.current"))] : [];
  return [...kind, ...region, ...mark].join(" · ");
}

/** What to say where there is nothing to choose. */
export const noProfiles: Problem = {
  code: "roles.noProfiles",
  message: msg("roles.pick.none"),
  advice: msg("roles.pick.none.advice"),
  command: ["aws", "configure", "sso"],
};
