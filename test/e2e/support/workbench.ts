import type { Locator, Page } from "playwright-core";
import { runCommand } from "../../support/vscode-host/index.ts";

/** How long one step of a journey may take; generous, for slow machines. */
export const PATIENCE = { timeout: 30_000 };

/** Goes to an address of a VS Code server and waits until the workbench is up. */
export async function goTo(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await restored(page);
}

/**
 * Reloads the window by VS Code's own command, which waits until the open editors are stored. The browser's reload
 * does not: VS Code in the browser stores its state every five seconds, and what came since would be lost.
 */
export async function reload(page: Page): Promise<void> {
  await Promise.all([
    page.waitForEvent("load", { timeout: 60_000 }),
    runCommand(page, "Developer: Reload Window"),
  ]);
  await restored(page);
}

async function restored(page: Page): Promise<void> {
  const timeout = 60_000;
  await page.locator(".monaco-workbench .part.statusbar .statusbar-item").first().waitFor({ timeout });
  // VS Code sets this mark when it enters the phase "restored".
  await page.waitForFunction("performance.getEntriesByName('code/didStartWorkbench').length > 0", undefined, {
    timeout,
  });
}

/**
 * Chooses from the context menu of an element. VS Code takes no click in the first moments of a menu, so that one that
 * opens below the pointer is not taken for chosen from: it is clicked until it is gone.
 */
export async function chooseFromMenu(page: Page, of: Locator, item: string): Promise<void> {
  await of.click({ ...PATIENCE, button: "right" });
  const entry = page.locator(".monaco-menu .action-label", { hasText: item });
  await entry.waitFor(PATIENCE);
  for (const deadline = Date.now() + PATIENCE.timeout; (await entry.count()) > 0;) {
    if (Date.now() > deadline) throw new Error(`The menu with ${item} does not go away.`);
    await entry.click({ timeout: 1000 }).catch(() => undefined);
    await page.waitForTimeout(200);
  }
}

/** Takes the first quick fix where the cursor is: it is asked for until the editor has the focus and knows it. */
export async function takeQuickFix(page: Page): Promise<void> {
  const menu = page.locator(".action-widget .action-item, .action-widget .monaco-list-row").first();
  for (const deadline = Date.now() + PATIENCE.timeout; !(await menu.isVisible());) {
    if (Date.now() > deadline) throw new Error("There is no quick fix.");
    await runCommand(page, "View: Focus Active Editor Group");
    await page.keyboard.press("Control+Period");
    await menu.waitFor({ timeout: 3000 }).catch(() => undefined);
  }
  await page.keyboard.press("Enter");
}

/** The view CircleCI OIDC › Roles, as lines of text. */
export type RolesView = {
  readonly row: (label: string | RegExp) => Locator;
  /** Each line with two blanks per level in front, read from the top. */
  readonly lines: () => Promise<readonly string[]>;
  /** Waits until a line is shown. */
  readonly sees: (label: string | RegExp) => Promise<void>;
  /** Runs one of the actions at the end of a line. */
  readonly act: (label: string | RegExp, action: string) => Promise<void>;
  /** Runs one of the actions in the title of the view. */
  readonly title: (action: string) => Promise<void>;
  readonly welcome: Locator;
};

/** Opens the view by its icon. */
export async function openRoles(page: Page): Promise<RolesView> {
  const side = page.locator(".part.sidebar");
  const icon = page.locator(".part.activitybar .action-item").filter({
    has: page.locator('[aria-label="CircleCI OIDC"]'),
  });
  if (!/checked/.test((await icon.getAttribute("class")) ?? "")) await icon.click();
  // The view is alone in its place, so its header is there but not shown.
  await side.locator('[aria-label="Roles Section"]').waitFor({ ...PATIENCE, state: "attached" });
  const rows = side.locator(".monaco-list-row");
  const row = (label: string | RegExp): Locator => rows.filter({ hasText: label }).first();
  return {
    row,
    lines: async () => {
      const all = await rows.all();
      const read = all.map(async (one) => {
        const [level, label, top] = await Promise.all([
          one.getAttribute("aria-level"),
          one.getAttribute("aria-label"),
          one.evaluate("(row) => row.getBoundingClientRect().top"),
        ]);
        return { top: Number(top), text: "  ".repeat(Number(level) - 1) + (label ?? "") };
      });
      return (await Promise.all(read)).toSorted((a, b) => a.top - b.top).map(({ text }) => text);
    },
    sees: async (label) => row(label).waitFor(PATIENCE),
    act: async (label, action) => {
      await row(label).hover(PATIENCE);
      await row(label).locator(`.action-label[aria-label="${action}"]`).click(PATIENCE);
    },
    title: async (action) => {
      await side.locator(".composite.title").hover(PATIENCE);
      await side.locator(`.composite.title .action-label[aria-label="${action}"]`).click(PATIENCE);
    },
    welcome: side.locator(".welcome-view-content"),
  };
}
