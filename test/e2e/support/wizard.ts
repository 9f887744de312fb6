import type { Frame, Locator, Page } from "playwright-core";
import { runCommand, webviewFrame } from "../../support/vscode-host/index.ts";

/** How long one step of a journey may take; generous, for slow machines. */
const PATIENCE = 30_000;

/** The wizard as a user sees it: by headings, labels and buttons. */
export type Wizard = {
  readonly frame: () => Promise<Frame>;
  /** Waits until the page with this heading is shown. */
  readonly page: (heading: string) => Promise<void>;
  readonly fill: (label: string, text: string) => Promise<void>;
  readonly choose: (label: string, option: string) => Promise<void>;
  readonly check: (label: string) => Promise<void>;
  readonly press: (button: string) => Promise<void>;
  /** Waits until a text is shown. */
  readonly sees: (text: string | RegExp) => Promise<void>;
  readonly text: () => Promise<string>;
  readonly button: (name: string) => Promise<Locator>;
};

/** Opens the wizard from the command palette. */
export async function openWizard(page: Page): Promise<Wizard> {
  await runCommand(page, "CircleCI OIDC: Set Up AWS Access");
  const wizard = wizardIn(page);
  await wizard.page("Which CircleCI project?");
  return wizard;
}

/** The wizard that is open in a workbench. */
export function wizardIn(page: Page): Wizard {
  // The frame is another one after the tab was hidden, so it is looked up anew each time.
  const frame = (): Promise<Frame> => webviewFrame(page, { selector: "h1", timeoutMs: PATIENCE });
  const within = { timeout: PATIENCE };
  return {
    frame,
    page: async (heading) => {
      await (await frame()).getByRole("heading", { name: heading, exact: true }).waitFor(within);
    },
    fill: async (label, text) => {
      await (await frame()).getByLabel(label, { exact: true }).fill(text, within);
    },
    choose: async (label, option) => {
      await (await frame()).getByLabel(label, { exact: true }).selectOption({ label: option }, within);
    },
    check: async (label) => {
      const control = (await frame()).getByLabel(label, { exact: true });
      await control.click(within);
      // The toolkit says so one frame after the click, which Playwright's own check does not wait for.
      await control.and((await frame()).locator(":checked, [aria-checked=true]")).waitFor(within);
    },
    press: async (button) => {
      await (await frame()).getByRole("button", { name: button, exact: true }).click(within);
    },
    sees: async (text) => {
      await (await frame()).getByText(text).first().waitFor(within);
    },
    text: async () => (await frame()).locator("body").innerText(within),
    button: async (name) => (await frame()).getByRole("button", { name, exact: true }),
  };
}

export type Answers = {
  readonly organization: string;
  readonly profile: string;
  /** Named branches, as typed; all of them where left out. */
  readonly branches?: string;
  readonly sub?: { readonly profile: string; readonly ciProfile: string };
};

/** Answers the first two pages, and stays on the second. */
export async function answerAccounts(wizard: Wizard, answers: Omit<Answers, "branches">): Promise<void> {
  await wizard.fill("Organization ID", answers.organization);
  await wizard.press("Next");
  await wizard.page("Which AWS account?");
  await wizard.choose("AWS profile", `${answers.profile} (access key)`);
  await wizard.sees(/arn:aws:iam::\d{12}:user\/admin/);
  if (answers.sub !== undefined) {
    await wizard.press("Add a sub-account");
    await wizard.choose("AWS profile to create it with", `${answers.sub.profile} (access key)`);
    // The first one is the hub account's.
    const arns = (await wizard.frame()).getByText(/arn:aws:iam::\d{12}:user\/admin/);
    await arns.nth(1).waitFor({ timeout: PATIENCE });
    await wizard.fill("Profile name in CI", answers.sub.ciProfile);
  }
}

/** Answers everything and stops at the review. */
export async function answerUpToReview(wizard: Wizard, answers: Answers): Promise<void> {
  await answerAccounts(wizard, answers);
  await wizard.press("Next");
  await wizard.page("Who may use the role?");
  if (answers.branches !== undefined) {
    await wizard.check("Only these branches and tags of this repository");
    await wizard.fill("Branches", answers.branches);
  }
  await wizard.press("Next");
  await wizard.page("What may CI do?");
  await wizard.check("Nothing yet");
  await wizard.press("Next");
  await wizard.page("The issuer’s certificate");
  await wizard.sees("This chain is not publicly trusted");
  await wizard.press("Next");
  await wizard.page("Review");
  await wizard.sees("Who can assume the role then");
}

/**
 * Goes on from the first page of a run with a sub-account that is resumed: all is answered, and AWS is asked about both
 * accounts anew.
 */
export async function confirmUpToReview(wizard: Wizard): Promise<void> {
  await wizard.page("Which CircleCI project?");
  await wizard.press("Next");
  await wizard.page("Which AWS account?");
  const ask = (await wizard.frame()).getByRole("button", { name: "Ask AWS whose credentials these are" });
  for (const account of ["111122223333", "444455556666"]) {
    await ask.first().click({ timeout: PATIENCE });
    await wizard.sees(`arn:aws:iam::${account}:user/admin`);
  }
  await wizard.press("Next");
  await wizard.page("Who may use the role?");
  await wizard.press("Next");
  await wizard.page("What may CI do?");
  await wizard.press("Next");
  await wizard.sees("This chain is not publicly trusted");
  await wizard.press("Next");
  await wizard.sees("Who can assume the role then");
}
