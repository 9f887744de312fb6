import type { Wizard } from "../../test/e2e/support/wizard.ts";
import type { Studio } from "./studio.ts";

/** What is folded away on the page about accounts; ends with the answers as they were. */
export async function rolePictures({ shoot }: Studio, wizard: Wizard): Promise<void> {
  const toggle = async (summary: string, at: number): Promise<void> => {
    await (await wizard.frame()).locator("summary", { hasText: summary }).nth(at).click();
  };
  await toggle("More about the role", 1);
  await (await wizard.frame()).getByLabel("Path", { exact: true }).last().fill("ci");
  await wizard.press("Suggest an external ID");
  await wizard.sees("A path begins and ends with a slash");
  await shoot("sub-account-more", { at: "The first role must say it" });
  await (await wizard.frame()).getByLabel("Path", { exact: true }).last().fill("");
  await wizard.fill("External ID", "");
  await toggle("More about the role", 1);
  await toggle("For everything that is created", 0);
  await wizard.fill("Permissions boundary", "ci-boundary");
  await wizard.fill("AWS organization ID", "acme");
  await wizard.fill("Tags", "team=payments\ncost center");
  await wizard.sees("has no equals sign");
  await shoot("aws-company", { at: "has no equals sign" });
  for (const label of ["Permissions boundary", "AWS organization ID", "Tags"]) await wizard.fill(label, "");
  await toggle("For everything that is created", 0);
  await shoot("aws-federation", { at: "How are the other accounts reached?" });
}

/** The page that asks what CI may do; ends with nothing yet. */
export async function permissionPictures({ shoot }: Studio, wizard: Wizard): Promise<void> {
  await wizard.press("Next");
  await wizard.page("What may CI do?");
  await wizard.press("Next");
  await wizard.sees("Choose what CI may do");
  await shoot("permissions-empty");
  await wizard.check("What I choose here");
  await wizard.press("Deploy a site to S3");
  await wizard.fill("Bucket", "acme-web-shop");
  await wizard.fill("CloudFront distribution (optional)", "E2QWRUHAPOMQZL");
  await wizard.sees("New policy circleci-oidc-s3-site");
  await shoot("permissions-template");
  await wizard.press("Remove permission 1");
  await wizard.press("Deploy with CDK");
  await wizard.sees("was decided when it was bootstrapped");
  await shoot("permissions-cdk");
  await wizard.press("Remove permission 1");
  await wizard.press("A policy of my own");
  await wizard.fill("Policy name", "web shop");
  await wizard.fill(
    "Policy as JSON",
    '{\n  "Version": "2012-10-17",\n  "Statement": [{ "Action": "s3:*" }]\n}',
  );
  await wizard.sees("Line 3: this statement needs");
  await shoot("permissions-invalid", { at: "Line 3: this statement needs" });
  await wizard.press("Remove permission 1");
  await wizard.press("Existing policies");
  await wizard.fill("Policy ARNs", "arn:aws:iam::aws:policy/AdministratorAccess");
  await wizard.sees("This is as good as administrator");
  await shoot("permissions-powerful", { at: "Type AdministratorAccess to go on" });
  await wizard.press("Remove permission 1");
  await wizard.check("Nothing yet");
}
