/** A bounded queue between a socket and slower work: the socket is read on while the work is done in slices. */
export interface ArrivalQueue<Item> {
  add(item: Item): void;
  /** Does all that waits, now. */
  flush(): void;
  /** Forgets what waits. */
  clear(): void;
  readonly length: number;
}

export interface ArrivalQueueOptions<Item> {
  readonly limit: number;
  /** The most items between two turns of the event loop. */
  readonly slice: number;
  readonly take: (item: Item) => void;
  /** More than `limit` wait. The item that was too many is not kept. */
  readonly onOverflow: () => void;
  /** `take` threw: the item is lost, the rest goes on. */
  readonly onError: (error: unknown) => void;
}

export function createArrivalQueue<Item>(options: ArrivalQueueOptions<Item>): ArrivalQueue<Item> {
  let items: Item[] = [];
  let taken = 0;
  let scheduled = false;

  function add(item: Item): void {
    if (items.length - taken >= options.limit) {
      options.onOverflow();
      return;
    }
    items.push(item);
    schedule();
  }

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      work(options.slice);
      if (taken < items.length) schedule();
    });
  }

  function work(most: number): void {
    for (let done = 0; done < most && taken < items.length; done += 1) {
      const item = items[taken] as Item;
      taken += 1;
      try {
        options.take(item);
      } catch (error) {
        options.onError(error);
      }
    }
    if (taken > items.length / 2) {
      items = items.slice(taken);
      taken = 0;
    }
  }

  function clear(): void {
    items = [];
    taken = 0;
  }

  return {
    add,
    flush: () => work(Number.POSITIVE_INFINITY),
    clear,
    get length() {
      return items.length - taken;
    },
  };
}
