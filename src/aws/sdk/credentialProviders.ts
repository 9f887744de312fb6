/* The reader of profiles alone: the package has many more, each with clients of its own. */
export { fromIni } from "@aws-sdk/credential-providers";
