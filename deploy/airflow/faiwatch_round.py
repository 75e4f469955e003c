"""One unattended round as an Airflow DAG; copy or link it into the folder of DAGs.

It is one task on purpose. A second task for alerts would have to run whatever became of the
pages, and a DAG is called a success when its last task is.
"""

import datetime

import pendulum
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

ROUND = "/opt/faiwatch/deploy/round /var/lib/faiwatch/site batch --regions all"
STORE = "/var/lib/faiwatch/store"  # new figures are fetched into it
TOLD = 20  # something was told: the round did what it should

with DAG(
    "faiwatch_round",
    description="Pages of fixed-asset investment, then alerts",
    schedule="30 10 14-20 * *",
    start_date=pendulum.datetime(2026, 1, 1, tz="Asia/Shanghai"),
    catchup=False,
    max_active_runs=1,
    tags=["faiwatch"],
):
    BashOperator(
        task_id="round",
        # secrets come with the worker's environment, which the task inherits
        bash_command=f"{ROUND} || [ $? -eq {TOLD} ]",
        env={"FAIWATCH_STORE": STORE},
        append_env=True,
        retries=2,
        retry_delay=datetime.timedelta(hours=1),
        execution_timeout=datetime.timedelta(hours=6),
    )
