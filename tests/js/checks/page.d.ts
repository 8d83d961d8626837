/* What the scripts of pages know beyond TypeScript's own library. */

interface SignInForm extends HTMLFormElement {
  readonly elements: HTMLFormControlsCollection & {
    code: HTMLInputElement;
    remember: HTMLInputElement;
    passkey: HTMLInputElement;
  };
}

/** The browser's reader of codes, or that of the camera library. */
interface CodeReader {
  detect(image: HTMLVideoElement): Promise<{rawValue: string}[]>;
}

interface CodeReaders {
  new (options: {formats: string[]}): CodeReader;
  getSupportedFormats(): Promise<string[]>;
}

interface Window {
  BarcodeDetector?: CodeReaders;
}

/** An offer as the till's page lists it. */
interface CouponOffer {
  id: string;
  key: string;
  title: string;
  value: string;
  redeem: string;
  terms: string;
  starts: string;
  ends: string;
  limit: number;
  per: string;
  marks: string[] | null;
  capacity: number | null;
  points: number;
  used: string[];
  renumbered: Record<string, string>;
}

interface Till {
  offers: CouponOffer[];
}

type Outcome = 'valid' | 'mistyped' | 'access-code' | 'unknown' | 'early' | 'over' | 'not-theirs' | 'used' | 'gone';

/** What came of reading a code; `group` counts from 1 (0: unsure), `days` are those of earlier uses. */
interface Verdict {
  outcome: Outcome;
  group?: number;
  offer?: CouponOffer;
  days?: string[];
  letters?: string;
}

/** A use of a code on this device; `file` names the download that holds it. */
interface Use {
  offer: string;
  title: string;
  points: number;
  letters: string;
  day: string;
  time: string;
  file?: string;
}
