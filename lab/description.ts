/** How clients reach the devices of a lab that is up: written by `lab up`, read by the runner and by `lab env`. */
export interface LabDescription {
  /** PEM of the lab's own authority. */
  readonly caPem: string;
  readonly hypervisor: LabDevice;
  /** Key: name of the backup server. */
  readonly backupServers: Readonly<Record<string, LabDevice>>;
  readonly firewall?: LabDevice;
}

export interface LabDevice {
  /** Base address without the API path. */
  readonly url: string;
  /** `/api2/json` or `/api/v2`. */
  readonly apiBase: string;
  /** SHA-256 of the certificate, 32 lower-case pairs with colons. */
  readonly fingerprint: string;
  /**
   * Administrator credential (lab only, worthless elsewhere): PVE `root@pam!bastide=secret`, PBS `root@pam!bastide:secret`,
   * pfSense the API key.
   */
  readonly credential: string;
}
