/* What the scripts of the worker know beyond TypeScript's own library. */

/** An answer before it is a response. */
interface Answer {
  body: Bytes | null;
  status: number;
  headers: Headers;
}

interface ExtendableEvent {
  /** Of the event `install`; Chromium alone has it. */
  addRoutes?(routes: {condition: {requestMethod: string}; source: string}): Promise<void>;
}

interface WorkerGlobalScopeEventMap {
  securitypolicyviolation: SecurityPolicyViolationEvent;
}

interface WorkerNavigator {
  /** Chromium alone has it. */
  readonly connection?: {saveData?: boolean};
}
