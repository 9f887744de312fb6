import type { GrantPolicy } from "../blueprint/grants.ts";
import type { ChosenStep } from "../insertion/choices.ts";
import type { Outcome, Problem, Progress } from "../outcome.ts";
import type { Change } from "../plan/index.ts";
import type { Setup } from "../setup.ts";
import type { ThumbprintResult } from "../thumbprint.ts";
import type {
  ConfigChoice,
  Detected,
  Identity,
  Insertion,
  Lookup,
  PipelineFile,
  ProfileChoice,
} from "./state.ts";

/** The answer to something that was asked for. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem }
  /** The user thought better of it: not an error, nothing is shown. */
  | { readonly ok: false; readonly cancelled: true };

type Loaded<What extends string, T> = {
  readonly type: "loaded";
  readonly what: What;
  readonly attempt: number;
  readonly result: Result<T>;
};

/** Everything that can happen to the wizard. */
export type Event =
  | { readonly type: "start" }
  | { readonly type: "input"; readonly field: string; readonly value: string | boolean }
  | { readonly type: "press"; readonly action: string }
  | Loaded<"detected", Detected>
  | Loaded<"lookup", Lookup>
  | Loaded<"profiles", readonly ProfileChoice[]>
  | Loaded<"identity", Identity>
  | (Loaded<"subIdentity", Identity> & { readonly key: number })
  | Loaded<"quota", number>
  | Loaded<"thumbprint", ThumbprintResult>
  | Loaded<"plan", { readonly setup: Setup; readonly changes: readonly Change[] }>
  | Loaded<"configs", readonly ConfigChoice[]>
  | Loaded<"pipeline", PipelineFile>
  | Loaded<"insertion", Insertion>
  | { readonly type: "progress"; readonly address: string; readonly progress: Progress }
  | { readonly type: "applied"; readonly outcome: Outcome };

/** What the host is to do after an event. */
export type Effect =
  | { readonly kind: "detect"; readonly attempt: number; readonly folder: string }
  | { readonly kind: "lookup"; readonly attempt: number; readonly slug: string }
  | { readonly kind: "profiles"; readonly attempt: number }
  | {
      readonly kind: "identify";
      readonly attempt: number;
      readonly profile: string;
      readonly region: string;
      readonly key?: number;
    }
  | { readonly kind: "quota"; readonly attempt: number; readonly profile: string }
  | { readonly kind: "thumbprint"; readonly attempt: number; readonly organizationId: string }
  | { readonly kind: "observe"; readonly attempt: number; readonly setup: Setup }
  | {
      readonly kind: "apply";
      readonly changes: readonly Change[];
      readonly setup: Setup;
      readonly consents: readonly string[];
    }
  | { readonly kind: "cancel" }
  | { readonly kind: "undo" }
  | { readonly kind: "configs"; readonly attempt: number; readonly folder: string }
  | { readonly kind: "outline"; readonly attempt: number; readonly config: string; readonly setup: Setup }
  | {
      readonly kind: "preview";
      readonly config: string;
      readonly jobs: readonly string[];
      readonly chosen: ChosenStep;
    }
  | {
      readonly kind: "insert";
      readonly attempt: number;
      readonly config: string;
      readonly jobs: readonly string[];
      readonly chosen: ChosenStep;
    }
  | { readonly kind: "copy"; readonly text: string }
  | { readonly kind: "terminal"; readonly command: readonly string[] }
  | { readonly kind: "openJson"; readonly address: string }
  | { readonly kind: "openPolicy"; readonly policy: GrantPolicy }
  | { readonly kind: "compare"; readonly address: string }
  | { readonly kind: "refreshRoles" }
  | { readonly kind: "close" };

/** What an event leads to. `focus` is a field to move to, once. */
export type Step<State> = {
  readonly state: State;
  readonly effects: readonly Effect[];
  readonly focus?: string;
};
