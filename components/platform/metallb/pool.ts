/**
 * Addresses for LoadBalancer Services in the /24 network of a node: .240 to .250, which minikube's drivers hand to nobody;
 * .220 to .230 if the node itself sits there.
 *
 * @param nodeAddress IPv4 address of the node, such as 192.168.49.2
 * @throws Error for anything else
 */
export function poolOf(nodeAddress: string): string {
  const parts = nodeAddress.trim().split(".").map(Number);
  const [a, b, c, host] = parts;
  if (
    parts.length !== 4 ||
    host === undefined ||
    parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)
  )
    throw new Error(`cannot derive a pool of addresses from "${nodeAddress}": not an IPv4 address of a node`);
  const [first, last] = host >= 240 && host <= 250 ? [220, 230] : [240, 250];
  const network = `${a}.${b}.${c}`;
  return `${network}.${first}-${network}.${last}`;
}
