/* The shapes that the scripts hand to each other. FORMAT.md and COUPON.md describe those that Python writes. */

type Bytes = Uint8Array<ArrayBuffer>;

/** An error with a reason that a page has a message for; `group` is that of a mistyped code (0: unsure). */
interface Trouble extends Error {
  reason: string;
  group?: number;
  /** The file or policy of the host that is wrong. */
  fault?: string;
}

/** portal.json. */
interface Portal {
  format: string;
  container: string;
  site: string;
  publish: string;
  sequence: number;
  /** The day of the publish, `YYYY-MM-DD`. */
  date: string;
  bucket_bits: number;
  /** The signed text that holds these values, and its signature. */
  signed: string;
  signature: string;
}

/** A sealed file as manifest and record list it. */
type SealedFile = [key: string, type: string, size: number, digest: string, place?: Place];

/** The key of a record, the publish id of its packs, and its offset and length in them. */
interface Place {
  key: Bytes;
  publish: string;
  offset: number;
  length: number;
}

interface Card {
  slot: number;
  edition: Bytes;
  record: Place | null;
  publicKey: Bytes;
  digest: Bytes;
}

interface Manifest {
  publish: string;
  sequence: number;
  files: Record<string, SealedFile>;
}

/** A part of a slot, shown from one day to another. */
interface Fragment {
  html: string;
  from?: string | null;
  until?: string | null;
}

interface MemberRecord {
  slots: Record<string, Fragment[]>;
  files?: Record<string, SealedFile>;
}

/** What is open: the files of an edition, and the slots of a member. */
interface Session {
  site: string;
  publish: string;
  /** The day of the publish. */
  date: string;
  /** The sealed files on this device; they end with the session. */
  cache: Cache;
  /** Paths of the sealed parts that are no files: bucket, manifest, record. */
  parts: string[];
  files: Map<string, SealedFile>;
  slots: Record<string, Fragment[]>;
  /** The file read last. */
  opened: Map<string, {bytes: Promise<Bytes>; size: number}>;
  /** The copy for reading offline, under way or complete. */
  ahead?: Promise<void>;
}

/** The member signed in here: `root` on a device that remembers, `lock` on one with a passkey, neither otherwise. */
interface Member {
  id: string;
  root?: CryptoKey;
  lock?: SealedRoot;
}

/** The key of a session that is not stored: it lies in the memory of the worker and of pages. */
interface SessionKey {
  id: string;
  root: CryptoKey;
}

/** A member root sealed with the key of a passkey. */
interface SealedRoot {
  credential: Bytes;
  salt: Bytes;
  nonce: Bytes;
  sealed: Bytes;
}

/** A passkey that was just made: its id, the salt of its key, and the key. */
interface Passkey {
  credential: Bytes;
  salt: Bytes;
  key: CryptoKey;
}

/** The entries of the store. */
interface Kept {
  member: Member;
  /** When a page was opened last, in ms. */
  used: number;
  portal: Portal;
  /** The publish whose copy on this device is complete. */
  complete: string;
  /** The number of sealed files in it. */
  held: number;
  /** Whether the member wants the PDFs kept. */
  pdfs: boolean;
  seen: {site: string; sequence: number; publicKey: Bytes};
  /** Why the last session ended. */
  ended: string;
}

/** What the worker replies to a page. */
interface Reply {
  ok: boolean;
  reason?: string;
  fault?: string;
  /** The sealed root that a passkey opens. */
  lock?: SealedRoot;
  /** Whether this device has a member, signed in or locked. */
  isTaken?: boolean;
  key?: SessionKey;
  /** Whether a member is signed in, even if the session can't be opened now. */
  isIn?: boolean;
  /** Whether there is a newer publish than that of the page. */
  isNew?: boolean;
  /** The bytes of the PDFs that could be kept. */
  size?: number;
  /** Whether a code is that of the member signed in. */
  isOwn?: boolean;
}

/** A member in the desk's list: `birthday` is in days, -1 if it isn't this week. */
type DeskRow = [
  id: string, name: string, tier: number, active: number, pending: number, offers: number[], birthday: number,
];

/** A member whose sheet is read in full. */
type DeskContact = [id: string, email: string, phone: string];

/** The list of members; rows have indices of `tiers` and `offers`. */
interface DeskList {
  tiers: string[];
  offers: string[];
  rows: DeskRow[];
}

/** What one member of staff reads besides the list. */
interface OwnDesk {
  contacts: DeskContact[];
  /** The work lists, as HTML. */
  lists: string;
}

/** A member ready to be found. */
interface DeskEntry {
  row: DeskRow;
  words: string[];
  text: string;
  phone: string;
}
