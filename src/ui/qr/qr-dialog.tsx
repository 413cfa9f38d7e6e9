import { type ReactNode, useEffect, useState } from 'react';
import { encode } from 'uqr';
import { copyLink, currentAddress } from '../../session/link-sync.ts';
import { store } from '../../session/store.ts';
import { Dialog } from '../base/dialog.tsx';
import { Scroll } from '../base/scroll.tsx';
import { useApp } from '../base/use-app.ts';
import './qr.css';

/** Characters up to which a hall can still scan the code from its seats; longer links are only shown. */
const MOST = 1200;
/** Light modules around the code that a reader needs. */
const QUIET = 4;

/** A link to what is on the screen as a QR code, for a hall to scan from the wall. */
export function QrDialog(): ReactNode {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    let gone = false;
    void currentAddress().then((found) => {
      if (!gone) setAddress(found);
      return found;
    });
    return () => {
      gone = true;
    };
  }, []);
  const notice = useApp((s) => s.notice);
  const here = address !== null && /^(file:|https?:\/\/(localhost|127\.|\[::1\]))/.test(address);
  return (
    <Dialog title="This step as a QR code">
      {address === null ? null : address.length > MOST ? (
        <p className="dialog-text">
          The link has {address.length} characters, too many for a code that a camera reads from a distance. A scenario
          of the library has a short one; one of your own travels in the link. It can be copied.
        </p>
      ) : (
        <Code text={address} />
      )}
      {here ? <p className="dialog-text">This address is one of this computer: others cannot open it.</p> : null}
      <Scroll className="qr-link mono" label="Link">
        {address}
      </Scroll>
      <p className="dialog-foot">
        <button type="button" className="button primary" data-first="" onClick={() => void copyLink()}>
          Copy the link
        </button>
        <button type="button" className="button" onClick={() => store.setState({ dialog: null })}>
          Close
        </button>
        <output className="hint">{notice}</output>
      </p>
    </Dialog>
  );
}

/** Always dark on light, whatever the theme: that is what cameras expect. */
function Code({ text }: { text: string }): ReactNode {
  const { data, size } = encode(text, { border: 0, ecc: 'M' });
  const path = data
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : '')))
    .join('');
  const edge = size + 2 * QUIET;
  return (
    <svg
      className="qr"
      viewBox={`0 0 ${edge} ${edge}`}
      role="img"
      aria-label="QR code of the link below"
      data-size={size}
    >
      <rect width={edge} height={edge} className="qr-light" />
      <path d={path} className="qr-dark" shapeRendering="crispEdges" />
    </svg>
  );
}
