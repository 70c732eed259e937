/** Addresses of the gateway lab, all inside its own network namespace. */
export const HOST_ADDRESS = "10.255.0.1"; // istiod listens here, and every gateway's namespace is joined to it
export const POD_RANGE = "10.0.0.0/16"; // kwok hands these to pods; all of it is local to the lab
export const XDS_PORT = 15010;
