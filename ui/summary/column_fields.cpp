// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/summary/column_fields.h"

#include <QCoreApplication>

namespace descent {

namespace {

struct ColumnFields {
    Q_DECLARE_TR_FUNCTIONS(ColumnFields)
};

}

std::vector<FieldPicker::Field> columnFields(const FigureTable& table, bool numbersOnly, const QString& none)
{
    std::vector<FieldPicker::Field> fields;
    if (!none.isEmpty())
        fields.push_back({.name = {}, .label = none, .about = {}});
    for (const bool differs : {true, false})
        for (const FigureColumn& column : table.columns) {
            const bool isSetting = column.role == FigureColumn::Role::setting;
            const bool isFirst = column.differs || !isSetting;
            if (isFirst != differs || (numbersOnly && !column.isNumber))
                continue;
            const QString path = isSetting ? QString::fromStdString(column.name) : QString{};
            const QString about = isSetting && !column.differs ? ColumnFields::tr("%1, equal in all").arg(path) : path;
            fields.push_back({.name = column.name, .label = columnLabel(table, column.name), .about = about,
                              .isMarked = isSetting && column.differs && column.name != "seed"});
        }
    return fields;
}

}
