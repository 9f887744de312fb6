import { describe, expect, it } from "vitest";
import { english, messages, msg } from "../../../src/core/messages.ts";

describe("the catalogue", () => {
  it.each(Object.entries(messages))("%s is a finished sentence or label", (_id, sentence) => {
    expect(sentence.trim()).toBe(sentence);
    expect(sentence).not.toBe("");
    // Braces only as placeholders, as vscode.l10n.t reads them.
    expect(sentence.replaceAll(/\{\w+\}/g, "")).not.toMatch(/[{}]/);
  });

  it("fills placeholders in, leaves unknown ones and takes no argument for a pattern", () => {
    expect(english(msg("wizard.context.account", { account: "$&" }))).toBe("AWS account: $&");
    expect(english(msg("wizard.context.account"))).toBe("AWS account: {account}");
  });
});
