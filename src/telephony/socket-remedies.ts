/** What an admin can do about a connection that fails, by the code Node gives it; the same whatever is spoken over it. */
export const socketRemedies: Readonly<Record<string, string>> = {
  ENOTFOUND: 'Check the host name.',
  EHOSTUNREACH: 'Check the network between here and the PBX.',
  ETIMEDOUT: 'Check the network and the firewall between here and the PBX.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'Its certificate is self-signed: give the hub the CA it is to trust.',
  SELF_SIGNED_CERT_IN_CHAIN: 'Its certificate is of a private CA: give the hub that CA.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'Its certificate is of an unknown CA: give the hub that CA.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'Its certificate is for another name: correct the host, or set the server name.',
  CERT_HAS_EXPIRED: 'Its certificate has expired: renew it.',
};

/** Node's code for what went wrong; its message where it has none. */
export function socketCode(cause: Error): string {
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}
