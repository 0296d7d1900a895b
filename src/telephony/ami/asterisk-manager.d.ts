declare module 'asterisk-manager' {
  /** What version 0.2.0 offers of itself, as far as the adapter uses it. */
  interface Manager {
    connect(port: number, host: string, callback: () => void): void;
    login(callback: (error?: unknown) => void): void;
    action(action: Record<string, unknown>): string;
    disconnect(): void;
    on(event: string, listener: (...values: unknown[]) => void): void;
    emit(event: string, ...values: unknown[]): boolean;
    removeAllListeners(event: string): void;
  }
  /** `port` null: connects nowhere yet. */
  export default function createManager(port: null, host: string, username: string, password: string, events: boolean): Manager;
}
