// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/try/boxes_dialog.h"
#include "ui/try/classes_dialog.h"
#include "ui/try/faces_dialog.h"
#include "ui/try/forecast_dialog.h"
#include "ui/try/rows_dialog.h"
#include "ui/try/translation_dialog.h"
#include "ui/try/words_dialog.h"
#include "ui/try/writing_dialog.h"

#include <QCoreApplication>

#include <algorithm>

namespace descent {

namespace {

/// What a task's runs can be asked in the window. Adding one is a file here and a line below.
struct Entry {
    std::string task;
    const char* hint;
    QDialog* (*make)(TriedRun run, QWidget* parent);
};

template <typename Dialog>
QDialog* make(TriedRun run, QWidget* parent)
{
    return new Dialog{std::move(run), parent};
}

const std::vector<Entry>& entries()
{
    static const std::vector<Entry> all{
        {"image-classification", QT_TRANSLATE_NOOP("Try", "Show the network a picture"), make<PictureClassesDialog>},
        {"text-classification", QT_TRANSLATE_NOOP("Try", "Give the network a text"), make<TextClassesDialog>},
        {"tabular-classification", QT_TRANSLATE_NOOP("Try", "Predict the rows of another table"), make<RowsDialog>},
        {"regression", QT_TRANSLATE_NOOP("Try", "Predict the rows of another table"), make<RowsDialog>},
        {"forecasting", QT_TRANSLATE_NOOP("Try", "Continue the series behind its end"), make<ForecastDialog>},
        {"detection", QT_TRANSLATE_NOOP("Try", "Find boxes on a picture"), make<BoxesDialog>},
        {"face-recognition", QT_TRANSLATE_NOOP("Try", "Enrol people, and ask who a picture shows"), make<FacesDialog>},
        {"language-modelling", QT_TRANSLATE_NOOP("Try", "Have the network write"), make<WritingDialog>},
        {"translation", QT_TRANSLATE_NOOP("Try", "Translate texts of yours"), make<TranslationDialog>},
        {"picture-text-matching", QT_TRANSLATE_NOOP("Try", "Ask which words fit a picture"), make<WordsDialog>},
    };
    return all;
}

const Entry* entryOf(const std::string& task)
{
    const auto found = std::find_if(entries().begin(), entries().end(), [&](const Entry& entry) { return entry.task == task; });
    return found == entries().end() ? nullptr : &*found;
}

}

QDialog* makeTryDialog(const std::string& task, TriedRun run, QWidget* parent)
{
    const Entry* entry = entryOf(task);
    return entry ? entry->make(std::move(run), parent) : nullptr;
}

bool canBeTried(const std::string& task)
{
    return entryOf(task) != nullptr;
}

QString tryHint(const std::string& task)
{
    const Entry* entry = entryOf(task);
    return entry ? QCoreApplication::translate("Try", entry->hint) : QString{};
}

}
