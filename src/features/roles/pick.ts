import * as vscode from "vscode";
import type { ProfileList } from "../../aws/index.ts";
import { msg } from "../../core/messages.ts";
import type { Boundary } from "../shared/boundary.ts";
import { t } from "../shared/words.ts";
import { noProfiles, profileChoices } from "./profileChoices.ts";

/**
 * Lets the user choose a local AWS profile; undefined when there is none or the user leaves. Only reads the AWS
 * files: no profile is tried out.
 */
export async function pickProfile(
  listing: Promise<ProfileList>,
  current: string | undefined,
  boundary: Pick<Boundary, "show">,
): Promise<string | undefined> {
  const choices = profileChoices(await listing, current, t);
  if (choices.length === 0) {
    await boundary.show(noProfiles);
    return undefined;
  }
  const choice = await vscode.window.showQuickPick(choices, {
    title: t(msg("roles.pick.title")),
    placeHolder: t(msg("roles.pick.placeholder")),
    matchOnDescription: true,
  });
  if (choice === undefined) return undefined;
  if ("profile" in choice) return choice.profile;
  await boundary.show(choice.problem);
  return undefined;
}
