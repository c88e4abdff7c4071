// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/drawn_face.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

namespace descent {

namespace {

struct Vector {
    double x = 0, y = 0, z = 0;
};
Vector operator+(const Vector& a, const Vector& b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
Vector operator*(double s, const Vector& a) { return {s * a.x, s * a.y, s * a.z}; }
double dot(const Vector& a, const Vector& b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
Vector unit(const Vector& a) { return 1 / std::sqrt(dot(a, a)) * a; }

double square(double x) { return x * x; }

/// Signed distance to an ellipse around 0, near enough close to its border; negative inside.
double ellipse(double x, double y, double halfWidth, double halfHeight)
{
    return (std::hypot(x / halfWidth, y / halfHeight) - 1) * std::min(halfWidth, halfHeight);
}

constexpr double depth = 0.95;    // of the head, from its middle to the face
constexpr double earHeight = 0.1; // below the middle

/// A head is an ellipsoid that narrows towards the chin; face and hair are painted on it and looked at along z.
class FacePainter {
public:
    FacePainter(const DrawnPerson& person, const FaceView& view, double pixel)
        : m_person{person}, m_view{view}, m_pixel{pixel}, m_light{view.light[0], view.light[1], view.light[2]}
    {
        const double cy = std::cos(view.yaw), sy = std::sin(view.yaw), cp = std::cos(view.pitch), sp = std::sin(view.pitch),
                     cr = std::cos(view.roll), sr = std::sin(view.roll);
        // Columns: where the head's axes point for the one who looks. Yaw first, then pitch, then roll.
        const auto rolled = [&](Vector v) { return Vector{cr * v.x - sr * v.y, sr * v.x + cr * v.y, v.z}; };
        const auto pitched = [&](Vector v) { return Vector{v.x, cp * v.y - sp * v.z, sp * v.y + cp * v.z}; };
        m_axisX = rolled(pitched({cy, 0, -sy}));
        m_axisY = rolled(pitched({0, 1, 0}));
        m_axisZ = rolled(pitched({sy, 0, cy}));
        m_sight = {m_axisX.z, m_axisY.z, m_axisZ.z};
        for (const double side : {-1.0, 1.0})
            m_ears.push_back(Ear{side, shown({side * halfWidthAt(earHeight), earHeight, -0.12})});
    }

    FaceColour at(double x, double y)
    {
        m_colour = blend(m_view.background, m_view.backgroundBelow, std::clamp(0.5 + 0.4 * y, 0.0, 1.0));
        const Vector origin{m_axisX.x * x + m_axisX.y * y, m_axisY.x * x + m_axisY.y * y, m_axisZ.x * x + m_axisZ.y * y};
        paintBehind(x, y);
        for (const Ear& ear : m_ears)
            if (ear.place.z <= nearEar)
                paintEar(x, y, ear);
        if (const auto hit = hitHead(origin, 1, 0))
            paintFace(*hit);
        for (const Ear& ear : m_ears)
            if (ear.place.z > nearEar)
                paintEar(x, y, ear);
        paintHair(origin, x, y);
        paintGlasses(origin);
        paintCover(origin, x, y);
        return m_colour;
    }

private:
    using Hair = DrawnPerson::Hair;
    using Beard = DrawnPerson::Beard;
    using Cover = FaceView::Cover;
    static constexpr double nearEar = 0.02;
    struct Ear {
        double side = 1;
        Vector place; // as it is seen
    };

    static FaceColour blend(const FaceColour& a, const FaceColour& b, double share)
    {
        return {a.red + (b.red - a.red) * share, a.green + (b.green - a.green) * share, a.blue + (b.blue - a.blue) * share};
    }
    static FaceColour shaded(const FaceColour& c, double light) { return {c.red * light, c.green * light, c.blue * light}; }

    /// Puts colour where `distance` is negative, with an edge a pixel wide.
    void paint(double distance, const FaceColour& colour, double opacity = 1)
    {
        const double cover = std::clamp(0.5 - distance / m_pixel, 0.0, 1.0) * opacity;
        if (cover > 0)
            m_colour = blend(m_colour, colour, cover);
    }

    Vector shown(const Vector& head) const { return head.x * m_axisX + (head.y * m_axisY + head.z * m_axisZ); }
    double lightOn(const Vector& headNormal) const
    {
        const double fall = std::max(0.0, dot(unit(shown(headNormal)), m_light));
        return m_view.ambient + (1.15 - m_view.ambient) * fall;
    }
    double halfWidthAt(double y) const
    {
        return m_person.halfWidth * (y > 0 ? 1 - m_person.jaw * std::min(1.0, y * y) : 1 - 0.04 * std::min(1.0, y * y));
    }

    /// Where the line of sight through `origin` (in the head's axes) meets the head made larger by `bulk`, its middle
    /// moved up by `lift`.
    std::optional<Vector> hitHead(const Vector& origin, double bulk, double lift) const
    {
        Vector hit = origin;
        for (int round = 0; round < 2; ++round) { // the width depends on the height of the place that is hit
            const double a = halfWidthAt(hit.y) * bulk, b = bulk, c = depth * bulk;
            const Vector from{origin.x, origin.y + lift, origin.z};
            const double p = square(m_sight.x / a) + square(m_sight.y / b) + square(m_sight.z / c);
            const double q = from.x * m_sight.x / (a * a) + from.y * m_sight.y / (b * b) + from.z * m_sight.z / (c * c);
            const double r = square(from.x / a) + square(from.y / b) + square(from.z / c) - 1;
            const double inside = q * q - p * r;
            if (inside < 0)
                return {};
            hit = origin + (std::sqrt(inside) - q) / p * m_sight;
        }
        return hit;
    }

    void paintBehind(double x, double y)
    {
        const Vector neck = shown({0, 0.9, -0.25}), crown = shown({0, 0, -0.35});
        const FaceColour dark = shaded(m_person.hairColour, 0.75);
        if (m_person.hair == Hair::long_)
            paint(std::max(ellipse(x - crown.x, y - 0.15, m_person.halfWidth * 1.3 * m_person.hairBulk, 1.25), y - 1.3), dark);
        if (m_person.hair == Hair::topKnot) {
            const Vector knot = shown({0, -1.2, -0.1});
            paint(ellipse(x - knot.x, y - knot.y, 0.26, 0.24), m_person.hairColour);
        }
        paint(std::max(std::abs(x - neck.x) - 0.5 * m_person.halfWidth, 0.3 - y), shaded(m_person.skin, 0.72 * m_view.ambient + 0.2));
        paint(1.18 + 0.22 * square(x) - y, m_view.clothes);
    }

    void paintEar(double x, double y, const Ear& ear)
    {
        const double facing = 0.45 + 0.4 * std::abs(m_view.yaw);
        const double distance = ellipse(x - ear.place.x, y - ear.place.y, facing * m_person.earSize, m_person.earSize);
        if (distance < m_pixel)
            paint(distance, shaded(m_person.skin, lightOn({ear.side, 0, 0.3}) * 0.9));
    }

    /// Above the hairline at the front, or behind it at the sides, down to the neck; negative inside.
    double hairDistance(const Vector& p) const
    {
        const double x = p.x, across = x / m_person.halfWidth, away = x - m_person.parting;
        double line = m_person.hairline, side = 0.05, nape = 0.2;
        switch (m_person.hair) {
        case Hair::bald: return std::max({p.z + 0.1, -0.35 - p.y, p.y - 0.25});
        case Hair::cropped: line += 0.2 * square(across * across); break;
        case Hair::fringe:
            line = m_person.eyeHeight - m_person.browHeight - 0.07 + 0.02 * std::sin(24 * x);
            side = 0.25;
            nape = 0.45;
            break;
        case Hair::sideParting: line += 0.8 * square(std::min(std::abs(away), 0.7)) + (away > 0 ? 0.22 * away : 0); break;
        case Hair::long_:
            line += 0.75 * square(away);
            side = 0.38;
            nape = 1.2;
            break;
        case Hair::curly:
            line += 0.05 * std::sin(15 * x) + 0.15 * square(across);
            side = 0.25;
            nape = 0.35;
            break;
        case Hair::topKnot: line += 0.25 * square(across); break;
        case Hair::receding: line -= 0.4 * std::exp(-square((std::abs(x) - 0.36) / 0.14)); break;
        }
        return std::min(p.y - line, std::max(p.z - side, p.y - nape));
    }

    void paintHair(const Vector& origin, double x, double y)
    {
        const bool curly = m_person.hair == Hair::curly;
        double bulk = m_person.hair == Hair::bald ? 1.01 : m_person.hairBulk;
        if (curly)
            bulk = 1.16 + 0.025 * std::sin(11 * std::atan2(y, x));
        const auto hit = hitHead(origin, bulk, m_person.hair == Hair::bald ? 0 : 0.04);
        if (!hit)
            return;
        const double distance = hairDistance(*hit);
        if (distance > m_pixel)
            return;
        const double angle = std::atan2(hit->x - m_person.parting * 0.5, -hit->y + 0.4);
        const double strands = curly ? 0.12 * std::cos(19 * hit->x) * std::sin(19 * hit->y) : 0.08 * std::cos(26 * angle);
        const Vector normal{hit->x / square(m_person.halfWidth), hit->y, hit->z / square(depth)};
        paint(distance, shaded(m_person.hairColour, lightOn(normal) * (1 + strands)));
    }

    /// How far the nose stands out of the face at height y.
    double noseAt(double y) const
    {
        const double down = (y - m_person.eyeHeight) / m_person.noseLength;
        if (down < 0 || down > 1.15)
            return 0;
        return m_person.noseDepth * (down < 1 ? 0.25 + 0.75 * down * down : (1.15 - down) / 0.15);
    }

    void paintFace(const Vector& hit);
    void paintEye(double x, double y, double side);
    void paintMouth(double x, double y);
    void paintBeard(double x, double y, double light);
    void paintGlasses(const Vector& origin);
    void paintCover(const Vector& origin, double x, double y);
    double mouthLine(double x) const
    {
        const double bend = m_person.mouthBend - 0.09 * m_view.smile;
        return m_person.mouthHeight + bend * square(x / m_person.mouthWidth);
    }

    const DrawnPerson& m_person;
    const FaceView& m_view;
    const double m_pixel; // in half heads
    const Vector m_light;
    Vector m_axisX, m_axisY, m_axisZ; // the head's axes as they are seen
    Vector m_sight;                   // the direction to the one who looks, in the head's axes
    std::vector<Ear> m_ears;
    FaceColour m_colour;                  // of the place being painted, layer over layer
};

void FacePainter::paintFace(const Vector& hit)
{
    const double x = hit.x, y = hit.y, a = halfWidthAt(y);
    // The nose stands out: it shades, and it moves against the face when the head turns.
    const double out = noseAt(y), width = 0.6 * m_person.noseWidth;
    const double nx = x + out * m_sight.x / std::max(0.3, m_sight.z);
    const double ridge = out * std::exp(-square(nx / width));
    const Vector normal{x / (a * a) + 2 * ridge * nx / square(width), y, hit.z / square(depth)};
    const double light = lightOn(normal);
    m_colour = shaded(m_person.skin, light);
    if (hit.z < 0)
        return;

    const double rosy = 0.18 * std::exp(-(square(std::abs(x) - 0.4) + square(y - 0.35)) / 0.03);
    m_colour = blend(m_colour, {0.85, 0.35, 0.32}, rosy * 0.6);
    paintBeard(x, y, light);
    paintMouth(x, y);
    for (const double side : {-1.0, 1.0})
        paintEye(x, y, side);
    const double tip = m_person.eyeHeight + m_person.noseLength;
    const FaceColour shadow = shaded(m_person.skin, 0.45);
    paint(ellipse(nx, y - tip - 0.015, m_person.noseWidth, 0.022), shadow, 0.75); // below the nose
    for (const double side : {-1.0, 1.0}) {
        paint(ellipse(nx - side * 0.5 * m_person.noseWidth, y - tip + 0.01, 0.032, 0.022), shaded(m_person.skin, 0.22));
        paint(ellipse(nx - side * m_person.noseWidth, y - tip + 0.05, 0.018, 0.06), shadow, 0.5); // wings
    }
    for (const auto& mole : m_person.moles)
        paint(ellipse(x - mole[0], y - mole[1], 0.028, 0.028), {0.2, 0.1, 0.07}, 0.85);
}

void FacePainter::paintEye(double x, double y, double side)
{
    const double ex = side * (x - side * m_person.eyeSpread); // outwards
    if (std::abs(ex) > 0.3 || std::abs(y - m_person.eyeHeight) > 0.5)
        return;
    const double tilt = m_person.eyeTilt * ex;
    const double ey = y - m_person.eyeHeight + tilt;
    const double opening = m_person.eyeOpening * m_view.eyesOpen;
    const double w = m_person.eyeWidth;
    const double white = ellipse(ex, ey, w, std::max(opening, 0.012));
    const FaceColour line = blend(shaded(m_person.skin, 0.3), {0.08, 0.05, 0.05}, 0.6);
    paint(ellipse(ex, ey - 0.004, w + 0.022, opening + 0.03), shaded(m_person.skin, 0.62), 0.6); // the socket
    paint(ellipse(ex, ey + 0.012, w + 0.014, opening + 0.012), line);
    paint(white, {0.94, 0.93, 0.92});
    const double ix = ex - side * m_view.gaze * 0.4 * w;
    if (m_view.eyesOpen > 0.3) {
        paint(std::max(white, ellipse(ix, ey, m_person.irisSize, m_person.irisSize)), m_person.irisColour);
        paint(std::max(white, ellipse(ix, ey, 0.45 * m_person.irisSize, 0.45 * m_person.irisSize)), {0.03, 0.02, 0.02});
    }
    const double by = y - (m_person.eyeHeight - m_person.browHeight - m_view.browRaise) - m_person.browTilt * ex
        - m_person.browArch * (square(ex / m_person.browLength) - 0.5);
    const FaceColour brow = m_person.hair == DrawnPerson::Hair::bald ? shaded(m_person.skin, 0.4) : shaded(m_person.hairColour, 0.7);
    paint(ellipse(ex - 0.01, by, m_person.browLength, m_person.browThickness), brow, 0.92);
}

void FacePainter::paintMouth(double x, double y)
{
    const double w = m_person.mouthWidth * (1 + 0.15 * std::max(0.0, m_view.smile));
    if (std::abs(x) > w + 0.05)
        return;
    const double open = 0.13 * m_view.mouthOpen;
    const double fall = std::sqrt(std::max(0.0, 1 - square(x / w))), line = mouthLine(x);
    const double upper = line - (m_person.upperLip + 0.3 * open) * fall, lower = line + (m_person.lowerLip + open) * fall;
    const double ends = std::abs(x) - w;
    paint(std::max({upper - y, y - lower, ends}), m_person.lips);
    const double gap = std::max(0.012, open * fall);
    paint(std::max({line - 0.3 * open * fall - y, y - line - gap, ends}), {0.22, 0.06, 0.07});
    if (m_view.mouthOpen > 0.25)
        paint(std::max({line - 0.2 * open * fall - y, y - line - 0.35 * open * fall, std::abs(x) - 0.75 * w}), {0.93, 0.92, 0.88});
}

void FacePainter::paintBeard(double x, double y, double light)
{
    const double mouth = m_person.mouthHeight, nose = m_person.eyeHeight + m_person.noseLength;
    const double moustache = ellipse(x, y - 0.5 * (nose + mouth) - 0.03 - 0.25 * x * x, m_person.mouthWidth + 0.05, 0.4 * (mouth - nose));
    const double chin = ellipse(x, y - mouth - 0.28, 0.2, 0.22);
    // Around the jaw: below a line from the ears to the corners of the mouth.
    const double jaw = mouth - 0.12 - 0.9 * std::max(0.0, std::abs(x) - 0.9 * m_person.mouthWidth) - y;
    const FaceColour hair = shaded(m_person.hairColour, 0.9 * light);
    switch (m_person.beard) {
    case Beard::none: break;
    case Beard::stubble: paint(std::min(moustache, jaw), hair, 0.32); break;
    case Beard::moustache: paint(moustache, hair, 0.92); break;
    case Beard::goatee: paint(std::min(moustache, chin), hair, 0.9); break;
    case Beard::full: paint(std::min(moustache, jaw), hair, 0.92); break;
    }
}

void FacePainter::paintGlasses(const Vector& origin)
{
    const bool dark = m_view.cover == Cover::sunglasses;
    if (!dark && !(m_person.glasses && m_view.wearsGlasses))
        return;
    const double t = (depth + 0.02 - origin.z) / std::max(0.3, m_sight.z); // they stand before the face, in a plane
    const double x = origin.x + t * m_sight.x, y = origin.y + t * m_sight.y;
    const double size = dark ? 0.25 : m_person.glassesSize, squareness = dark ? 0.4 : m_person.glassesSquareness;
    const double thickness = dark ? 0.03 : m_person.glassesThickness;
    const FaceColour frame = dark ? FaceColour{0.05, 0.05, 0.06} : m_person.glassesColour;
    for (const double side : {-1.0, 1.0}) {
        const double gx = std::abs(x - side * m_person.eyeSpread), gy = std::abs(y - m_person.eyeHeight - 0.02);
        const double power = 2 + 4 * squareness; // from round to square
        const double ring = (std::pow(std::pow(gx / size, power) + std::pow(gy / (0.8 * size), power), 1 / power) - 1) * size;
        if (dark)
            paint(ring, {0.07, 0.07, 0.09}, 0.95);
        paint(std::abs(ring) - thickness, frame);
    }
    paint(std::max(std::abs(y - m_person.eyeHeight) - 0.7 * thickness, std::abs(x) - (m_person.eyeSpread - size)), frame);
}

void FacePainter::paintCover(const Vector& origin, double x, double y)
{
    switch (m_view.cover) {
    case Cover::none:
    case Cover::sunglasses: break;
    case Cover::scarf: {
        const Vector chin = shown({0, 1, 0.3});
        paint(0.72 + 0.12 * square(x) - (y - chin.y + 1), shaded(m_view.coverColour, 0.85 + 0.15 * std::sin(14 * y + 3 * x)));
        break;
    }
    case Cover::hand: {
        const Vector cheek = shown({m_view.gaze > 0 ? 0.45 : -0.45, 0.75, 0.6});
        paint(ellipse(x - cheek.x, y - cheek.y - 0.25, 0.27, 0.5), shaded(m_person.skin, 0.8 + 0.12 * std::sin(16 * (x - cheek.x))));
        break;
    }
    case Cover::hat:
        if (const auto hit = hitHead(origin, 1.17, 0.05); hit && hit->y < -0.42)
            paint(hit->y + 0.42, shaded(m_view.coverColour, lightOn({hit->x, hit->y, hit->z}) * (hit->y > -0.52 ? 0.7 : 1)));
        break;
    }
}

}

Picture drawFace(const DrawnPerson& person, const FaceView& view, std::int64_t side, Random& random)
{
    constexpr int fine = 2; // samples a pixel, along each side
    const double length = static_cast<double>(side) * view.scale; // of half a head, in pixels
    FacePainter painter{person, view, 1 / (length * fine)};
    Picture picture{.channels = 3, .height = side, .width = side};
    picture.pixels.resize(static_cast<std::size_t>(3 * side * side));
    for (std::int64_t row = 0; row < side; ++row)
        for (std::int64_t column = 0; column < side; ++column) {
            FaceColour sum;
            for (int i = 0; i < fine * fine; ++i) {
                const double px = static_cast<double>(column) + (i % fine + 0.5) / fine, py = static_cast<double>(row) + (i / fine + 0.5) / fine;
                const double middle = static_cast<double>(side) / 2;
                const FaceColour colour = painter.at((px - middle - view.x * static_cast<double>(side)) / length,
                                                 (py - middle - view.y * static_cast<double>(side)) / length);
                sum = {sum.red + colour.red, sum.green + colour.green, sum.blue + colour.blue};
            }
            const double light = view.exposure / (fine * fine);
            const double channels[] = {sum.red * view.balance.red, sum.green * view.balance.green, sum.blue * view.balance.blue};
            for (std::int64_t channel = 0; channel < 3; ++channel) {
                const double value = channels[channel] * light + view.noise * random.normal();
                picture.pixels[static_cast<std::size_t>((channel * side + row) * side + column)] =
                    static_cast<std::uint8_t>(std::lround(255 * std::clamp(value, 0.0, 1.0)));
            }
        }
    return picture;
}

}
