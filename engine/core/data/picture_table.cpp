// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/files.h"
#include "engine/core/data/csv_rows.h"
#include "engine/core/data/named_rows.h"
#include "engine/core/data/path_parameter.h"
#include "engine/core/data/picture_files.h"
#include "engine/core/data/picture_table.h"
#include "engine/core/data/text_rows.h"

#include <algorithm>
#include <fstream>

namespace descent {

namespace fs = std::filesystem;

namespace {

/// Which column is what.
struct Roles {
    std::size_t pictures = 0;
    std::optional<std::size_t> captions, target;
};

Result<Roles> rolesOf(const Schema& schema, const Parameters& parameters, const NamedRows& table)
{
    Roles roles;
    const auto chosen = [&](const char* parameter) -> Result<std::size_t> {
        return columnNamed(table.names, textOf(schema, parameters, parameter), std::string{"dataset."} + parameter);
    };
    if (!textOf(schema, parameters, "pictures").empty()) {
        const Result<std::size_t> column = chosen("pictures");
        if (!column)
            return {std::nullopt, column.problems};
        roles.pictures = *column;
    } else if (const auto found = pictureColumn(table.rows)) {
        roles.pictures = *found;
    } else {
        return {std::nullopt,
                {{"dataset.pictures", text("no column names pictures"),
                  text("one column should hold the paths of PNG or JPEG files, as they lie from the table's folder on")}}};
    }
    if (!textOf(schema, parameters, "captions").empty()) {
        const Result<std::size_t> column = chosen("captions");
        if (!column)
            return {std::nullopt, column.problems};
        roles.captions = *column;
    } else if (const auto found = sentenceColumn(table.rows); found && found != roles.pictures) {
        roles.captions = *found;
    }
    if (!textOf(schema, parameters, "target").empty()) {
        const Result<std::size_t> column = chosen("target");
        if (!column)
            return {std::nullopt, column.problems};
        roles.target = *column;
        if (roles.captions == roles.target)
            roles.captions.reset();
    } else { // the last column that is nothing else; a table of pictures and captions alone has none
        for (std::size_t column = 0; column < table.names.size(); ++column)
            if (column != roles.pictures && column != roles.captions)
                roles.target = column;
    }
    if (roles.target == roles.pictures || roles.captions == roles.pictures)
        return {std::nullopt,
                {{"dataset.pictures", text("\"%1\" is wanted for two things", table.names[roles.pictures]), text("choose another column")}}};
    return {roles, {}};
}

class Reader {
public:
    Reader(const Schema& schema, const Parameters& parameters, const fs::path& path, const LoadControl& control)
        : m_schema{schema}, m_parameters{parameters}, m_path{path}, m_control{control}, m_side{integerOf(schema, parameters, "size")}
    {
    }

    Result<Dataset> read()
    {
        const std::string file = m_path.filename().string();
        Dataset dataset{.name = file};
        Result<NamedRows> named = readNamedRows(m_schema, m_parameters, m_path, dataset, m_control);
        if (!named)
            return {std::nullopt, std::move(named.problems)};
        auto& [names, rows] = *named;
        const Result<Roles> roles = rolesOf(m_schema, m_parameters, *named);
        if (!roles)
            return {std::nullopt, roles.problems};
        if (roles->target)
            setTargetlessAside(rows, *roles->target, dataset, file);
        PicturesAndMore all;
        all.pictures = decodeAll(rows, roles->pictures, dataset, file);
        if (rows.empty())
            return {std::nullopt,
                    {{"dataset.path", text("no row of %1 could be used", file),
                      dataset.setAside.empty() ? Text{} : dataset.setAside.front().message}}};
        Targets targets;
        if (roles->target) {
            Result<Targets> read = targetsFrom(rows, *roles->target, names[*roles->target], textOf(m_schema, m_parameters, "targetType"));
            if (!read)
                return {std::nullopt, std::move(read.problems)};
            targets = std::move(*read.value);
        }
        if (roles->captions) {
            all.captions.emplace();
            for (const CsvRow& row : rows)
                all.captions->texts.push_back(row.cells[*roles->captions]);
        }
        Problems warnings;
        Table table{.count = static_cast<std::int64_t>(rows.size())};
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (i == roles->pictures || i == roles->captions || i == roles->target)
                continue;
            Column column = inputFrom(rows, i, names[i]);
            if (differsInNearlyEveryRow(column, rows.size()))
                warnings.push_back({"dataset.columns", text("\"%1\" differs in nearly every row and is left out", names[i]), {}});
            else
                table.columns.push_back(std::move(column));
        }
        if (!table.columns.empty())
            all.table = std::move(table);
        dataset.train = {.inputs = std::move(all), .targets = std::move(targets)};
        return {std::move(dataset), std::move(warnings)};
    }

private:
    /// Rows whose picture cannot be read are set aside and leave `rows`.
    PictureArray decodeAll(std::vector<CsvRow>& rows, std::size_t column, Dataset& dataset, const std::string& file)
    {
        std::vector<fs::path> files;
        for (const CsvRow& row : rows)
            files.push_back(m_path.parent_path() / row.cells[column]);
        DecodedPictures pictures{std::move(files), fmt::format("{} at {}", m_path.string(), m_side), m_control,
                                 [this](std::size_t, PictureSize) { return PictureSize{m_side, m_side}; }};
        PictureGeometry geometry{1, m_side, m_side};
        std::vector<std::size_t> usable;
        std::vector<CsvRow> kept;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (!pictures.isUsable(i)) {
                setAside(dataset, file + ":" + std::to_string(rows[i].line), pictures.reason(i));
                continue;
            }
            geometry.channels = std::max(geometry.channels, pictures.geometry(i).channels);
            usable.push_back(i);
            kept.push_back(std::move(rows[i]));
        }
        rows = std::move(kept);
        return pictures.gather(usable, geometry, PictureFit::scale);
    }

    const Schema& m_schema;
    const Parameters& m_parameters;
    const fs::path& m_path;
    const LoadControl& m_control;
    const std::int64_t m_side;
};

}

std::optional<std::size_t> pictureColumn(const std::vector<CsvRow>& rows)
{
    constexpr std::size_t looked = 1000;
    const std::size_t count = std::min(looked, rows.size());
    for (std::size_t column = 0; count > 0 && column < rows.front().cells.size(); ++column) {
        const auto naming = std::count_if(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(count), [&](const CsvRow& row) {
            return column < row.cells.size() && isPictureFile(row.cells[column]);
        });
        if (static_cast<std::size_t>(naming) * 10 >= count * 9)
            return column;
    }
    return std::nullopt;
}

bool isPictureTable(const fs::path& file)
{
    std::string beginning(std::size_t{1} << 16, '\0');
    std::ifstream stream{file, std::ios::binary};
    stream.read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
    const bool whole = stream.eof();
    beginning.resize(static_cast<std::size_t>(std::max<std::streamsize>(stream.gcount(), 0)));
    if (!whole) // the last line may be cut
        beginning.resize(beginning.rfind('\n') == std::string::npos ? 0 : beginning.rfind('\n') + 1);
    Result<std::vector<CsvRow>> rows = parseCsv(beginning, guessSeparator(beginning));
    if (!rows || rows->size() < 2)
        return false;
    if (rows->size() < 20)
        rows->erase(rows->begin()); // names of columns would weigh too much
    return rows->front().cells.size() > 1 && pictureColumn(*rows);
}

DatasetKind pictureTableKind()
{
    const auto column = [](std::string name, std::string label, std::string help, bool common) -> ParameterSchema {
        return {.name = std::move(name),
                .label = std::move(label),
                .help = std::move(help),
                .type = ParameterType::text,
                .defaultValue = std::string{},
                .common = common};
    };
    const Schema schema{
        pathParameter("A CSV or TSV file in which a column names a picture for each row."),
        column("pictures", "Picture column", "Paths of PNG or JPEG files from the table's folder on: name or number; empty: it is found.", false),
        column("captions", "Caption column", "A sentence about each picture: name or number; empty: a column of sentences is found.", false),
        column("target", "Target column", "What is to be predicted: name or number; empty for the last of the others.", true),
        targetTypeParameter(),
        {.name = "size",
         .label = "Read at",
         .help = "Side the pictures are scaled to when read.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{64},
         .minimum = 8,
         .maximum = 1024,
         .common = true,
         .unit = "px"},
        separatorParameter(),
        headerParameter(),
    };
    return {.id = "picture-table",
            .label = "Table with pictures",
            .help = "Rows that name a picture, beside numbers, categories or a caption.",
            .source = DatasetKind::Source::file,
            .schema = schema,
            .load = [schema](const Parameters& parameters, const LoadControl& control) {
                return readSource(schema, parameters,
                                  [&](const fs::path& path) { return Reader{schema, parameters, path, control}.read(); });
            }};
}

}
