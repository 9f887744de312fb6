/** The step's name in the pipeline. */
export const stepName = "AWS OIDC auth";

/** The comment by which what was added beside the step is known again, so that it can be taken out. */
export const marker = `# ${stepName}`;

/** Stands before what the step's lines took the place of, which stays there as a comment. */
export const insteadOf = `${marker}, instead of: `;

/** Stands behind the key of steps that a merge key brought and that were copied into the job. */
export const copyMark = `${marker}, a copy`;

/** The reusable command of the style `command`. */
export const commandName = "aws-oidc-auth";

/** The orb of the style `orb`, and the name it gets in a file that does not have it. */
export const orb = { source: "circleci/aws-cli", version: "5.4.1", name: "aws-cli" } as const;
