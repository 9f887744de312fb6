import type { Locator, Page } from "playwright-core";
import { runCommand } from "../../support/vscode-host/index.ts";
import { PATIENCE } from "./workbench.ts";

/** The texts of the CodeLenses that are shown, from the top. */
export async function lenses(page: Page): Promise<readonly string[]> {
  const shown = page.locator(".codelens-decoration a, .codelens-decoration span:not(:has(a))");
  const read = (await shown.all()).map(async (one) => {
    const [text, box] = await Promise.all([one.innerText(), one.boundingBox()]);
    return { text: text.trim(), top: box?.y ?? 0 };
  });
  const all = await Promise.all(read);
  return all
    .toSorted((a, b) => a.top - b.top)
    .map(({ text }) => text.replaceAll("\u00A0", " "))
    .filter((text) => text !== "");
}

/** The n-th CodeLens that can be clicked, from the top. */
export async function lens(page: Page, at: number): Promise<Locator> {
  const links = page.locator(".codelens-decoration a");
  await links.nth(at).waitFor(PATIENCE);
  const placed = (await links.all()).map(async (one) => ({ one, top: (await one.boundingBox())?.y ?? 0 }));
  const found = (await Promise.all(placed)).toSorted((a, b) => a.top - b.top)[at];
  if (found === undefined) throw new Error(`There is no CodeLens number ${at}.`);
  return found.one;
}

/** One Undo in the active editor, as a user presses it. */
export async function undo(page: Page): Promise<void> {
  await runCommand(page, "View: Focus Active Editor Group");
  await page.keyboard.press("Control+z");
  await page.locator(".tab.active.dirty").waitFor(PATIENCE);
}

/** Saves the active editor as it is. */
export async function saveAsItIs(page: Page): Promise<void> {
  await runCommand(page, "File: Save without Formatting");
  await page.locator(".tab.active:not(.dirty)").waitFor(PATIENCE);
}

/** Saves the active editor with all that the user has switched on. */
export async function save(page: Page): Promise<void> {
  await runCommand(page, "View: Focus Active Editor Group");
  await page.keyboard.press("Control+s");
  await page.locator(".tab.active:not(.dirty)").waitFor(PATIENCE);
}

/**
 * What was inserted where `after` is `before` with one piece put in; undefined where anything else differs. Bytes
 * are compared, and nothing else is known about them.
 */
export function insertedPiece(before: Buffer, after: Buffer): string | undefined {
  const size = after.length - before.length;
  if (size <= 0) return undefined;
  let at = 0;
  while (at < before.length && before[at] === after[at]) at += 1;
  return before.subarray(at).equals(after.subarray(at + size))
    ? after.subarray(at, at + size).toString("utf8")
    : undefined;
}
