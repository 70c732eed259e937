/**
 * `gateway-api-preflight`: looks whether an existing cluster has the Gateway API from somebody else. stdout: `{}`
 */
export const gatewayApiPreflightStep = "gateway-api-preflight";
