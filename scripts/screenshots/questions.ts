import { join } from "node:path";
import { quickInput } from "../../test/support/vscode-host/index.ts";
import type { Wizard } from "../../test/e2e/support/wizard.ts";
import { rolePictures } from "./permissions.ts";
import { withoutProfiles, type Studio } from "./studio.ts";

/** The page that asks for the project, in every state. */
export async function connectionPictures(studio: Studio): Promise<void> {
  const { journey, circleci, shoot } = studio;
  const wizard = await studio.wizard();
  await wizard.sees("This repository says where it belongs");
  await shoot("connection-claim");
  await wizard.press("Next");
  await wizard.sees("Enter the organization ID.");
  await shoot("connection-empty");
  await wizard.fill("Organization ID", "acme");
  await wizard.fill("Project ID", "web-shop");
  await wizard.sees("The organization ID is a UUID");
  await wizard.sees("The project ID is a UUID");
  await shoot("connection-invalid");

  const asked = await studio.wizard();
  await askWithToken(studio, asked, "CCIPAT_of_somebody_else");
  await asked.sees("CircleCI does not accept this token.");
  await shoot("connection-failed");
  circleci.hold();
  await askWithToken(studio, asked, journey.sandbox.circleci.users[0]?.token ?? "");
  await asked.sees("Asking CircleCI…");
  await shoot("connection-loading");
  circleci.open();
  await asked.sees("CircleCI confirms it");
  await shoot("connection-confirmed");
}

/** The first page in a window of several folders, and in a repository that names a foreign organization. */
export async function folderPictures(studio: Studio): Promise<void> {
  const { journey, shoot } = studio;
  const folder = join(journey.demo.repository, "..");
  await studio.open(join(folder, "acme.code-workspace"));
  const several = await studio.wizard();
  await several.press("Next");
  await several.sees("Choose the folder whose pipeline is to be set up.");
  await shoot("connection-folders");
  await studio.open(join(folder, "foreign/web-shop"));
  const foreign = await studio.wizard();
  await foreign.fill("Organization ID", journey.sandbox.info.organization);
  await foreign.sees("This is not the organization that .circleci/info.yml names.");
  await shoot("connection-refused");
}

async function askWithToken({ page }: Studio, wizard: Wizard, token: string): Promise<void> {
  await wizard.press("Find with my CircleCI token…");
  const quick = quickInput(page);
  await quick.waitFor("CircleCI API token");
  await quick.submit(token);
}

/** The page that asks for the account; ends with the hub's profile chosen. */
export async function awsPictures(studio: Studio, wizard: Wizard): Promise<void> {
  const { journey, aws, shoot } = studio;
  await withoutProfiles(journey.demo, async () => {
    await wizard.fill("Organization ID", journey.sandbox.info.organization);
    await wizard.press("Next");
    await wizard.page("Which AWS account?");
    await wizard.sees("No AWS profile was found");
    await shoot("aws-empty");
  });
  await wizard.press("Read the profiles again");
  await wizard.choose("AWS profile", "company-sso (IAM Identity Center)");
  await wizard.sees(/SSO session of the profile company-sso/);
  await shoot("aws-expired");
  await wizard.choose("AWS profile", "old-laptop (access key)");
  await wizard.sees("AWS does not know the access key");
  await shoot("aws-failed");
  aws.hold();
  await wizard.choose("AWS profile", "hub (access key)");
  await wizard.sees("Asking AWS whose credentials these are…");
  await shoot("aws-loading");
  aws.open();
  await wizard.sees(/user\/admin/);
  await shoot("aws-identity");
  await wizard.fill("AWS account ID", "444455556666");
  await wizard.sees("You mean account 444455556666");
  await shoot("aws-mismatch");
  await wizard.fill("AWS account ID", "111122223333");
  await wizard.press("Add a sub-account");
  await wizard.press("Next");
  await wizard.sees("Choose the AWS profile to work with.");
  await shoot("sub-account-invalid", { at: "Choose the AWS profile to work with." });
  await wizard.choose("AWS profile to create it with", "staging (access key)");
  await wizard.sees(/444455556666:user\/admin/);
  await wizard.fill("Profile name in CI", "staging");
  await shoot("sub-account", { at: "For aws --profile NAME" });
  await rolePictures(studio, wizard);
  await wizard.press("Next");
  await wizard.page("Who may use the role?");
}

/** The page that asks who may use the role and shows what follows; ends with the branch main. */
export async function accessPictures({ shoot }: Studio, wizard: Wizard): Promise<void> {
  await shoot("access-any");
  await wizard.check("Only these branches and tags of this repository");
  await wizard.fill("Branches", "*/main");
  await wizard.press("Next");
  await wizard.sees("has characters that an IAM policy would read as a pattern");
  await shoot("access-invalid");
  await wizard.fill("Branches", "main, release/*");
  await wizard.fill("Tags", "v*");
  await wizard.sees("refs/tags/v*");
  await shoot("access-refs");
  await wizard.fill("Tags", "");
  await wizard.fill("Branches", "main");
  await (await wizard.frame()).getByText("A branch that is named x/vcs-origin").click();
  await wizard.sees("the subject of a branch that is let in");
  await shoot("access-what-if", { at: "What if …" });
}

/** The page that shows the certificate chain; ends with the chain of the local CircleCI on show. */
export async function thumbprintPictures({ circleci, shoot }: Studio, wizard: Wizard): Promise<void> {
  circleci.hold();
  await wizard.press("Next");
  await wizard.sees("Fetching the certificate chain…");
  await shoot("thumbprint-loading");
  circleci.open();
  await wizard.sees("This chain is not publicly trusted");
  circleci.refuse();
  await wizard.press("Try again");
  await wizard.sees("The issuer cannot be reached from here");
  await shoot("thumbprint-unreachable");
  circleci.open();
  await wizard.press("Try again");
  await wizard.sees("This chain is not publicly trusted");
  await shoot("thumbprint-untrusted");
}
