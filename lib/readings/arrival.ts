/** How a day arrived, as meter_day.arrival keeps it: 1 on time, 2 late, 3 back-fill of history, 4 answer to a request. */
export type Arrival = 1 | 2 | 3 | 4;
