"""Where Splink works: DuckDB on one machine, Spark on many. Names are compared by us on both."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa

from spona.names.linking.model import Prepared
from spona.names.linking.words import Column

Compare = Callable[[Any, Any], pa.Array]

TYPES: Mapping[str, pa.DataType] = {
    "record_row": pa.int32(),
    "blocks": pa.list_(pa.int64()),
    "sex": pa.string(),
    "citizenship": pa.string(),
    "birth_year": pa.int32(),
    "birth_month": pa.int32(),
    "birth_day": pa.int32(),
    "birth_known": pa.int32(),
    "born": pa.string(),
}


def table_of(found: Prepared) -> pa.Table:
    return pa.table(
        {name: pa.array(values, TYPES.get(name)) for name, values in found.table.items()}
    )


def on_duckdb(found: Prepared) -> Any:
    """The table in a DuckDB in memory, as Splink takes it."""
    import duckdb
    from duckdb import sqltypes
    from splink.backends.duckdb import DuckDBAPI

    connection: Any = duckdb.connect()
    for name, column in found.columns.items():
        connection.create_function(
            name,
            partial(levels, column),
            [sqltypes.INTEGER, sqltypes.INTEGER],
            sqltypes.INTEGER,
            type="arrow",
        )
    api = DuckDBAPI(connection=connection)
    return api.register(table_of(found))


def on_spark(found: Prepared) -> Any:
    """The table in Spark, as Splink takes it: in the session of the process, or in a local one.

    Splink's own jar is left out, since nothing here is compared by its functions.
    """
    from pyspark.sql import SparkSession
    from pyspark.sql.functions import arrow_udf
    from splink.backends.spark import SparkAPI

    session = SparkSession.getActiveSession() or _local(SparkSession)
    for name, column in found.columns.items():
        session.udf.register(name, arrow_udf(_spread(session, column), "int"))
    spark: Any = SparkAPI
    api = spark(
        spark_session=session, register_udfs_automatically=False, break_lineage_method="persist"
    )
    return api.register(session.createDataFrame(table_of(found)))


def _local(builder: Any) -> Any:
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # workers need numpy and Spona, too
    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "8",
        "spark.driver.memory": "4g",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
    }
    session = builder.builder.master("local[*]").appName("spona")
    for key, value in settings.items():
        session = session.config(key, value)
    return session.getOrCreate()


def _spread(session: Any, column: Column) -> Compare:
    """Every worker gets the names once."""
    names = session.sparkContext.broadcast(column)

    def compare(left: pa.Array, right: pa.Array) -> pa.Array:
        return levels(names.value, left, right)

    return compare


def levels(column: Column, left: Any, right: Any) -> pa.Array:
    """For a backend: bands of the rows' names, as Arrow has them."""
    rows = (np.asarray(one.to_numpy(zero_copy_only=False), np.int64) for one in (left, right))
    return pa.array(column.levels(*rows).astype(np.int32))


NAMED = {"duckdb": on_duckdb, "spark": on_spark}
