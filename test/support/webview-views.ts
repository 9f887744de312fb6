import type { Block, WizardView } from "../../src/shared/protocol.ts";
import { action, contentBlocks, field, progressBlocks } from "./webview-blocks.ts";

/** A view with the given blocks on a page `id`; every other part as in an ordinary wizard. */
export function view(id: string, heading: string, blocks: readonly Block[]): WizardView {
  return {
    title: "CircleCI OIDC for AWS",
    context: ["acme/storefront", "Account 111122223333 · arn:aws:iam::111122223333:user/dev"],
    stepsLabel: "Steps",
    steps: [
      { id: "project", label: "Project", state: "done", stateText: "Done" },
      { id: "accounts", label: "AWS accounts", state: "done", stateText: "Done" },
      { id: "trust", label: "Who may assume", state: "current", stateText: "Current step" },
      { id: "review", label: "Review", state: "todo", stateText: "Not done yet" },
      { id: "pipeline", label: "Pipeline", state: "todo", stateText: "Not done yet" },
    ],
    page: { id, heading, blocks },
    footer: [
      action("cancel", "Cancel", "link"),
      action("back", "Back"),
      action("next", "Next: review", "primary"),
    ],
    announcement: "",
  };
}

const fieldBlocks: readonly Block[] = [
  {
    kind: "text",
    text: "CircleCI signs in to AWS with a short-lived token. Choose which of its jobs may use the role.",
  },
  field({
    kind: "text",
    id: "org",
    label: "Organization ID",
    value: "9d1f5a2c-6f1e-4b7a-9c3d-2e8f7a6b5c4d",
    source: "From .circleci/info.yml, confirmed by the CircleCI API",
    hint: "A UUID; Organization Settings › Overview shows it.",
  }),
  field({
    kind: "text",
    id: "project",
    label: "Project ID",
    value: "not-a-uuid",
    placeholder: "00000000-0000-0000-0000-000000000000",
    hint: "Project Settings › Overview shows it.",
    error: "This is not a project ID: it must be a UUID of 32 hexadecimal digits in five groups.",
  }),
  field({
    kind: "text",
    id: "session",
    label: "Session name",
    value: "",
    placeholder: "circleci-storefront",
  }),
  field({
    kind: "text",
    id: "policy",
    label: "Policy as JSON",
    value: '{\n  "Version": "2008-10-17"\n}',
    multiline: true,
    hint: "It is created as it stands here.",
    error: 'Line 2: write "Version": "2012-10-17".',
  }),
  field({
    kind: "select",
    id: "profile",
    label: "AWS profile",
    value: "dev",
    options: [
      { value: "default", label: "default" },
      { value: "dev", label: "dev – IAM Identity Center" },
      { value: "prod", label: "prod – assume role, MFA" },
    ],
    hint: "From your AWS configuration files.",
  }),
  field({
    kind: "select",
    id: "region",
    label: "Region",
    value: "",
    options: [
      { value: "", label: "Choose a region" },
      { value: "eu-central-1", label: "Europe (Frankfurt)" },
    ],
    error: "Choose the region of the STS endpoint.",
  }),
  field({
    kind: "radio",
    id: "scope",
    label: "Which jobs may assume the role",
    value: "branch",
    options: [
      {
        value: "project",
        label: "Every job of this project",
        hint: "Also jobs on branches and, where secrets are passed to forks, of forks.",
      },
      { value: "branch", label: "Only jobs whose token says branch main" },
      { value: "tag", label: "Only jobs started by a tag" },
    ],
    hint: "The branch is the change that triggered the pipeline.",
  }),
  field({
    kind: "radio",
    id: "lifetime",
    label: "Longest AWS step",
    value: "",
    options: [
      { value: "900", label: "15 minutes" },
      { value: "3600", label: "One hour" },
    ],
    error: "Choose how long the longest AWS step runs.",
  }),
  field({
    kind: "checkbox",
    id: "skip",
    label: "Skip the step on other branches",
    checked: true,
    enabled: true,
    hint: "Otherwise it fails there.",
  }),
  field({
    kind: "checkbox",
    id: "confirm",
    label: "I know that this role reaches production",
    checked: false,
    enabled: true,
    error: "Confirm this to go on.",
  }),
  field({
    kind: "checkbox",
    id: "boundary",
    label: "Keep the permissions boundary",
    checked: true,
    enabled: false,
    hint: "Set by your company.",
  }),
];

/** Every kind of block in every state, spread over three pages. */
export const gallery = {
  fields: view("gallery/fields", "Who may assume the role", fieldBlocks),
  content: view("gallery/content", "Review what will be created", contentBlocks),
  progress: {
    ...view("gallery/progress", "Setting up", progressBlocks),
    footer: [action("cancel", "Cancel", "link"), action("next", "Next", "primary", false)],
    announcement: "Creating policy circleci-assume",
  },
} as const satisfies Readonly<Record<string, WizardView>>;

/** All blocks of the gallery, for checks that none is missing. */
export const galleryBlocks: readonly Block[] = [...fieldBlocks, ...contentBlocks, ...progressBlocks];
