/** Questions that are often asked, as the documentation answers them. */
export const EXAMPLES: readonly { readonly question: string; readonly sql: string }[] = [
  {
    question: 'What did the last two weeks cost, day by day?',
    sql: `SELECT day, total_tokens, round(estimated_cost_usd, 2) AS usd
FROM daily_spend WHERE day > current_date - 14 ORDER BY day;`,
  },
  {
    question: 'Which projects cost most this month, and how much of it is unpriced?',
    sql: `SELECT project, sum(estimated_cost_usd) AS usd, sum(plan_value_usd) AS plan_value, sum(unpriced_tokens) AS unpriced
FROM spend_by_project WHERE day >= date_trunc('month', current_date)::date
GROUP BY project ORDER BY usd DESC LIMIT 10;`,
  },
  {
    question: 'Does caching pay, model by model? Ratios of days are not averaged: the sums are divided.',
    sql: `SELECT model, sum(cache_read_tokens) / NULLIF(sum(prompt_tokens), 0) AS hit_ratio, sum(cache_savings_usd) AS saved_usd
FROM cache_efficiency GROUP BY model ORDER BY saved_usd DESC;`,
  },
  {
    question: 'Which sessions were the most expensive?',
    sql: `SELECT session_id, project, agent, estimated_cost_usd, last_response_at
FROM most_expensive_sessions LIMIT 20;`,
  },
  {
    question: 'What do we estimate, and what are we billed? Two columns, side by side and never added.',
    sql: `SELECT day, estimated.usd AS estimated_usd, billed.usd AS billed_usd
FROM (SELECT day, sum(estimated_cost_usd) AS usd FROM daily_spend GROUP BY day) estimated
FULL JOIN (SELECT day, sum(billed_cost_usd) AS usd FROM billed_daily GROUP BY day) billed USING (day)
ORDER BY day;`,
  },
  {
    question: 'Which budgets that run now have passed a threshold?',
    sql: `SELECT budget, passed, passed_at, limit_usd, forecast_usd
FROM budget_state WHERE is_current AND passed <> 'none' ORDER BY budget;`,
  },
  {
    question: 'Which machines have not been heard of for a day?',
    sql: `SELECT machine, version, seen_at, newest_response_at
FROM machines_seen WHERE seen_at < now() - interval '1 day' ORDER BY seen_at;`,
  },
]
