// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/experiments.h"

#include "engine/core/store/store_database.h"

namespace descent {

std::int64_t experimentNamed(SQLite::Database& database, const std::string& name, std::int64_t createdAt)
{
    execute(database, "INSERT INTO experiment (name, created_at) VALUES (?1, ?2) ON CONFLICT (name) DO NOTHING", name, createdAt);
    SQLite::Statement row{database, "SELECT id FROM experiment WHERE name = ?1"};
    SQLite::bind(row, name);
    row.executeStep();
    return row.getColumn(0).getInt64();
}

void forgetEmptyExperiments(SQLite::Database& database)
{
    database.exec("DELETE FROM experiment WHERE NOT EXISTS (SELECT 1 FROM run WHERE run.experiment = experiment.id)");
}

}
