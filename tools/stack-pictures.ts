import { pictureTexts } from "../lab/pictures/write.ts";
import type { Rehearsed } from "../lab/rehearsal/rehearse.ts";
import { certificatesInSecrets } from "../lab/rehearsal/secret-certificates.ts";
import { topologyOf } from "../lab/stack/topology.ts";
import { checkWiring } from "../lab/wiring/wiring.ts";

/**
 * The pictures of a stack for the documentation, by file name below `docs/pictures`: `<stack>.svg` and `<stack>.mmd`
 * (request paths), `<stack>-certificates.svg`; none for a stack without traffic.
 */
export function stackPictures(rehearsed: Rehearsed): Record<string, string> {
  const topology = topologyOf(rehearsed);
  const { stack } = rehearsed;
  const certificates = certificatesInSecrets(topology);
  return pictureTexts(
    { stack, topology, findings: checkWiring(topology), answers: [], certificates },
    { requests: stack, certificates: `${stack}-certificates` },
  );
}
