import { inject } from "vitest";
import { startInstalled, type Journey, type JourneyOptions } from "../../support/journey.ts";

declare module "vitest" {
  // Merged with vitest's own: the path of the packed extension, from the global set-up.
  // oxlint-disable-next-line typescript/consistent-type-definitions
  interface ProvidedContext {
    vsix: string;
  }
}

export type { Journey };

/** Starts a journey with the extension that the global set-up has packed. */
export function startJourney(options: Partial<JourneyOptions> = {}): Promise<Journey> {
  return startInstalled({ ...options, vsix: options.vsix ?? inject("vsix") });
}
