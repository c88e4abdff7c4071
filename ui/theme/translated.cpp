// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/translated.h"

#include <QCoreApplication>

namespace descent {

QString translated(const Text& text)
{
    Text inLanguage{QCoreApplication::translate("engine", text.source.c_str()).toStdString(), text.arguments};
    return QString::fromStdString(english(inLanguage));
}

QString translated(const std::string& source)
{
    return source.empty() ? QString{} : QCoreApplication::translate("engine", source.c_str());
}

QString translated(const Problem& problem)
{
    const QString where = problem.path.empty() ? QString{} : QString::fromStdString(problem.path) + QStringLiteral(": ");
    const QString hint = problem.hint.empty() ? QString{} : QStringLiteral(" (%1)").arg(translated(problem.hint));
    return where + translated(problem.message) + hint;
}

}
