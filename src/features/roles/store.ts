import { CANCELLED } from "../../aws/index.ts";
import type { Problem } from "../../core/outcome.ts";
import { failure, initialState, shownAccess, type Load, type Loaded, type RolesState } from "./state.ts";

/** Holds the state of the view. Loads when told to, and never by itself. */
export type RolesStore = {
  readonly state: () => RolesState;
  /** Loads with a profile. A load under way is given up, and whatever it still brings is ignored. */
  readonly refresh: (profile: string) => Promise<void>;
  readonly dispose: () => void;
};

export type RolesStoreOptions = {
  readonly load: Load;
  /** The profile chosen in an earlier session. */
  readonly remembered: string | undefined;
  readonly onChange: (state: RolesState) => void;
  /** A failure nobody foresaw, as a problem. */
  readonly unexpected: (error: unknown) => Problem;
  readonly now?: () => Date;
};

/** Makes the store; nothing is asked yet. */
export function createRolesStore(options: RolesStoreOptions): RolesStore {
  const { load, onChange, unexpected, now = () => new Date() } = options;
  let state = initialState(options.remembered);
  let running: AbortController | undefined;

  const set = (next: RolesState): void => {
    state = next;
    onChange(next);
  };

  const tryLoad = async (profile: string, signal: AbortSignal): Promise<Loaded> => {
    try {
      return await load(profile, signal);
    } catch (error) {
      return { ok: false, problem: unexpected(error) };
    }
  };

  return {
    state: () => state,
    refresh: async (profile) => {
      running?.abort();
      const mine = new AbortController();
      running = mine;
      const shown = shownAccess(state);
      const previous = shown?.profile === profile ? shown : undefined;
      set({ kind: "loading", profile, ...(previous === undefined ? {} : { previous }) });
      const loaded = await tryLoad(profile, mine.signal);
      if (running !== mine) return;
      running = undefined;
      if (loaded.ok) {
        const { access, region } = loaded;
        set({ kind: "ready", profile, access, at: now(), ...(region === undefined ? {} : { region }) });
      } else if (loaded.problem.code === CANCELLED) {
        // Leaving the MFA question is no failure: what was there before comes back.
        set(previous ?? { kind: "remembered", profile });
      } else set(failure(profile, loaded.problem));
    },
    dispose: () => {
      running?.abort();
      running = undefined;
    },
  };
}
