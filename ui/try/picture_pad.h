// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/dataset.h"
#include "engine/core/data/picture.h"

#include <QWidget>

#include <cstdint>
#include <thread>

class QLabel;

namespace descent {

class RunAsker;

/// A picture to ask a finished run about: a file of yours, opened or dropped, or one of the run's data that it has not learnt
/// from. Files are read on a thread.
class PicturePad : public QWidget
{
    Q_OBJECT
public:
    /// One of the data: what the run kept back, with what is known of it.
    struct Kept {
        Picture picture;
        std::string truth;      ///< its class or caption; may be empty
        std::vector<Box> boxes; ///< that are there
    };
    explicit PicturePad(RunAsker& asker, QWidget* parent = nullptr);
    void setShown(bool shown); ///< the picture itself; else only the buttons
    void open(const QString& file);
    void takeFromData();
    bool isEmpty() const { return m_kept.picture.pixels.empty(); }
    const Kept& kept() const { return m_kept; }

Q_SIGNALS:
    void reading();
    void changed();
    void failed(const QString& message);

private:
    void choose();
    void setKept(Kept kept);

    RunAsker& m_asker;
    Kept m_kept;
    std::int64_t m_next = 0; // of the data
    QLabel *m_view = nullptr, *m_truth = nullptr;
    std::jthread m_reader; // last: joined before what it posts to goes
};

}
