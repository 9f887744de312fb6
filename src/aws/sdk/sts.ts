/* What is used of the STS client: named here one by one, so that nothing else of it is packed. */
export { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
