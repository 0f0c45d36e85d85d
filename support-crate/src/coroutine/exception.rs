//! What leaves a generator instead of a value, in Python's words.

use std::error::Error;
use std::fmt::{self, Debug, Display};

/// Any error on its way through a generator, as `BaseException` is in Python.
///
/// Every `E: Error + Send + Sync + 'static` converts into it, so `?` raises the reader's own
/// errors inside a body. In a body `?` also raises what [`from_boxed`](Self::from_boxed) takes: texts,
/// boxed errors, an `anyhow::Error`. It refuses a `Box<dyn Error>`: the error in that box may have to
/// stay on its thread, and a generator may go to another.
///
/// `?` hands an exception on from any function that returns a `Result` with a `Box<dyn Error>`, `Send`
/// and `Sync` or not; the box holds the error itself. In a function whose `Result` has an
/// `anyhow::Error`, write `.map_err(|error| anyhow::Error::from_boxed(error.into()))?`.
///
/// `{}` and `{:?}` print an exception as the last line of a Python traceback.
///
/// ```
/// use hitchhiker::coroutine::*;
///
/// let error: Exception = "ten".parse::<i32>().unwrap_err().into();
/// assert_eq!(error.to_string(), "ParseIntError: invalid digit found in string");
/// assert!(error.is::<std::num::ParseIntError>());
/// ```
pub struct Exception(Box<Inner>); // one word, so that a `Result` that holds it stays small

struct Inner {
    name: &'static str,
    error: Box<dyn Error + Send + Sync>,
    cause: Option<Exception>,
}

impl Exception {
    /// Makes an exception of an error whose type has been erased.
    ///
    /// `?` does this in a body, for an error in such a box, a `&str`, a `String`, or anything else
    /// that converts into the box. `{}` shows the class of the errors of this module; it calls any
    /// other an `Exception`, since a box does not tell the name of its error. [`is`](Self::is) finds the
    /// error in the box, however it is shown, but finds none in an `anyhow::Error`, whose box is opaque.
    ///
    /// ```
    /// use hitchhiker::coroutine::*;
    ///
    /// let boxed = "ten".parse::<i32>().unwrap_err().into();
    /// let error = Exception::from_boxed(boxed);
    /// assert_eq!(error.to_string(), "Exception: invalid digit found in string");
    /// assert!(error.is::<std::num::ParseIntError>());
    ///
    /// let mut g: Generator<i32> = generator! { Err("so long")? };
    /// let Err(error) = g.results().next().unwrap() else { panic!("a value") };
    /// assert_eq!(error.to_string(), "Exception: so long");
    /// ```
    pub fn from_boxed(error: Box<dyn Error + Send + Sync>) -> Self {
        Self(Box::new(Inner {
            name: class_of(&*error),
            error,
            cause: None,
        }))
    }

    /// Whether the error is an `E`: Python's `isinstance(error, E)`.
    pub fn is<E: Error + 'static>(&self) -> bool {
        self.0.error.is::<E>()
    }

    /// Whether the error is a `StopIteration`, whatever its generator returned: Python's `except
    /// StopIteration`. There is one type [`StopIteration`] for each type returned, so
    /// [`is`](Self::is) cannot ask for them all.
    ///
    /// ```
    /// use hitchhiker::coroutine::*;
    ///
    /// fn padded(mut inner: Generator<i32>) -> Generator<i32> {
    ///     generator! {
    ///         loop {
    ///             match try { next(&mut inner)? } {
    ///                 Ok(value) => yield value,
    ///                 Err(error) if error.is_stop_iteration() => yield 0,
    ///                 Err(error) => Err(error)?,
    ///             };
    ///         }
    ///     }
    /// }
    /// let one: Generator<i32> = generator! { yield 1; };
    /// assert_eq!(padded(one).take(3).collect::<Vec<_>>(), [1, 0, 0]);
    /// ```
    pub fn is_stop_iteration(&self) -> bool {
        self.0.error.is::<Stopped>()
    }

    /// The error, where it is an `E`: Python's `except E as error`.
    ///
    /// ```
    /// use hitchhiker::coroutine::*;
    ///
    /// let error = Exception::from(ValueError::new("too far"));
    /// assert_eq!(error.downcast_ref::<ValueError>(), Some(&ValueError::new("too far")));
    /// assert_eq!(error.downcast_ref::<TypeError>(), None);
    /// ```
    pub fn downcast_ref<E: Error + 'static>(&self) -> Option<&E> {
        self.0.error.downcast_ref()
    }

    /// The error by value where it is an `E`, or else the exception unchanged.
    ///
    /// ```
    /// use hitchhiker::coroutine::*;
    ///
    /// let error = Exception::from(ValueError::new("too far"));
    /// let Err(error) = error.downcast::<TypeError>() else { panic!("no TypeError") };
    /// assert_eq!(error.downcast::<ValueError>().ok(), Some(ValueError::new("too far")));
    /// ```
    pub fn downcast<E: Error + 'static>(self) -> Result<E, Self> {
        let Inner { name, error, cause } = *self.0;
        match error.downcast() {
            Ok(error) => Ok(*error),
            Err(error) => Err(Self(Box::new(Inner { name, error, cause }))),
        }
    }

    /// The exception that this one replaced: Python's `__cause__`.
    ///
    /// ```
    /// use hitchhiker::coroutine::*;
    ///
    /// fn careless() -> Generator<i32> {
    ///     generator! { Err(StopIteration::default())? }
    /// }
    /// let Err(Raised::Exception(error)) = next(&mut careless()) else { panic!("a value") };
    /// assert_eq!(error.to_string(), "RuntimeError: generator raised StopIteration");
    /// assert_eq!(error.cause().unwrap().to_string(), "StopIteration");
    /// ```
    pub fn cause(&self) -> Option<&Exception> {
        self.0.cause.as_ref()
    }

    /// The exception that leaves the body of a generator in which this one was raised: another one in
    /// the place of a `StopIteration`, which would look like the body's end (PEP 479).
    pub(super) fn out_of_generator(self) -> Self {
        match self.is_stop_iteration() {
            true => self.replaced("generator"),
            false => self,
        }
    }

    /// The exception that leaves the body of an asynchronous generator in which this one was raised:
    /// another one in the place of a `StopIteration` or `StopAsyncIteration` (PEP 479, PEP 525).
    pub(super) fn out_of_async_generator(self) -> Self {
        match self.is_stop_iteration() || self.is::<StopAsyncIteration>() {
            true => self.replaced("async generator"),
            false => self,
        }
    }

    fn replaced(self, body: &str) -> Self {
        let message = format!("{body} raised {}", self.0.name);
        let mut replacement = Self::from(RuntimeError::new(message));
        replacement.0.cause = Some(self);
        replacement
    }

    fn new(name: &'static str, error: impl Error + Send + Sync + 'static) -> Self {
        Self(Box::new(Inner {
            name,
            error: Box::new(error),
            cause: None,
        }))
    }
}

impl<E: Error + Send + Sync + 'static> From<E> for Exception {
    fn from(error: E) -> Self {
        Self::new(class_name::<E>(), error)
    }
}

/// The name of a type without its path and parameters: what Python prints of a class.
pub(super) fn class_name<E>() -> &'static str {
    let path = std::any::type_name::<E>();
    let path = path.split('<').next().unwrap_or(path);
    path.rsplit("::").next().unwrap_or(path)
}

impl Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        traceback_line(f, self.0.name, &self.0.error.to_string())
    }
}

impl Debug for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

fn traceback_line(f: &mut fmt::Formatter<'_>, name: &str, message: &str) -> fmt::Result {
    match message {
        "" => f.write_str(name),
        message => write!(f, "{name}: {message}"),
    }
}

/// Lets `?` hand on what was raised from a function that returns a boxed error.
macro_rules! boxed {
    ($Box:ty) => {
        impl From<Exception> for $Box {
            /// The error itself, without the name of its class.
            fn from(exception: Exception) -> Self {
                exception.0.error
            }
        }

        impl<T: Debug> From<Raised<T>> for $Box {
            /// The error itself, without the name of its class.
            fn from(raised: Raised<T>) -> Self {
                Exception::from(raised).into()
            }
        }

        impl From<AsyncRaised> for $Box {
            /// The error itself, without the name of its class.
            fn from(raised: AsyncRaised) -> Self {
                Exception::from(raised).into()
            }
        }
    };
}

boxed!(Box<dyn Error + Send + Sync>);
boxed!(Box<dyn Error>);

/// What a resumption raised instead of yielding a value: the `Err` of [`next`](super::next),
/// [`send`](super::Generator::send) and [`throw`](super::Generator::throw).
///
/// ```
/// use hitchhiker::coroutine::*;
///
/// fn answer() -> Generator<i32, (), &'static str> {
///     generator! { yield 42; "mice" }
/// }
/// let mut g = answer();
/// next(&mut g)?;
/// match next(&mut g) {
///     Err(Raised::StopIteration(stop)) => assert_eq!(stop.value, Some("mice")),
///     other => panic!("{other:?}"),
/// }
/// # Ok::<(), Raised<&'static str>>(())
/// ```
pub enum Raised<T = ()> {
    /// The body has returned, now or earlier.
    StopIteration(StopIteration<T>),
    /// An error left the body, or the resumption was not allowed.
    Exception(Exception),
}

impl<T> Raised<T> {
    /// Whether the body was left by an `E`, or the resumption refused with one.
    ///
    /// ```
    /// use hitchhiker::coroutine::*;
    ///
    /// fn numbers() -> Generator<i32, i32> {
    ///     generator! { yield 1; }
    /// }
    /// assert!(numbers().send(10).unwrap_err().is::<TypeError>());
    /// ```
    pub fn is<E: Error + 'static>(&self) -> bool {
        matches!(self, Self::Exception(exception) if exception.is::<E>())
    }
}

impl<T> From<Exception> for Raised<T> {
    fn from(exception: Exception) -> Self {
        Self::Exception(exception)
    }
}

impl<T: Debug> Display for Raised<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StopIteration(stop) => Display::fmt(stop, f),
            Self::Exception(exception) => Display::fmt(exception, f),
        }
    }
}

impl<T: Debug> Debug for Raised<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

impl<T: Debug> From<Raised<T>> for Exception {
    /// Raises again, in a body of one's own, what an inner generator raised: so `next(&mut inner)?`
    /// compiles in a body, and a `StopIteration` that gets out of it meets PEP 479.
    fn from(raised: Raised<T>) -> Self {
        match raised {
            Raised::StopIteration(stop) => stop.into(),
            Raised::Exception(exception) => exception,
        }
    }
}

/// What a resumption of an [`AsyncGenerator`](super::AsyncGenerator) raised instead of yielding a
/// value.
///
/// `?` raises it again in a body, where an end that is not caught becomes `RuntimeError: async
/// generator raised StopAsyncIteration` (PEP 525), and hands it on from a function that returns a
/// `Result` with a `Box<dyn Error>`.
///
/// ```
/// use hitchhiker::coroutine::*;
///
/// fn first(mut inner: AsyncGenerator<i32>) -> AsyncGenerator<i32> {
///     async_generator! { yield anext(&mut inner).await?; }
/// }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let mut g = first(async_generator! { Err(ValueError::new("no"))? });
/// assert!(anext(&mut g).await.unwrap_err().is::<ValueError>());
/// let mut g = first(async_generator! {});
/// assert_eq!(
///     anext(&mut g).await.unwrap_err().to_string(),
///     "RuntimeError: async generator raised StopAsyncIteration",
/// );
/// # });
/// ```
pub enum AsyncRaised {
    /// The body has returned, now or earlier.
    StopAsyncIteration,
    /// An error left the body, or the resumption was not allowed.
    Exception(Exception),
}

impl AsyncRaised {
    /// Whether the body was left by an `E`, or the resumption refused with one.
    ///
    /// ```
    /// use hitchhiker::coroutine::*;
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let mut g: AsyncGenerator<i32, i32> = async_generator! { yield 1; };
    /// assert!(g.asend(10).await.unwrap_err().is::<TypeError>());
    /// # });
    /// ```
    pub fn is<E: Error + 'static>(&self) -> bool {
        matches!(self, Self::Exception(exception) if exception.is::<E>())
    }
}

impl From<Exception> for AsyncRaised {
    fn from(exception: Exception) -> Self {
        Self::Exception(exception)
    }
}

impl From<AsyncRaised> for Exception {
    /// Raises again what an inner generator raised.
    fn from(raised: AsyncRaised) -> Self {
        match raised {
            AsyncRaised::StopAsyncIteration => StopAsyncIteration.into(),
            AsyncRaised::Exception(exception) => exception,
        }
    }
}

impl Display for AsyncRaised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StopAsyncIteration => f.write_str("StopAsyncIteration"),
            Self::Exception(exception) => Display::fmt(exception, f),
        }
    }
}

impl Debug for AsyncRaised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

/// The end of a generator: its body has returned.
///
/// ```
/// use hitchhiker::coroutine::StopIteration;
///
/// assert_eq!(StopIteration { value: Some(60) }.to_string(), "StopIteration: 60");
/// assert_eq!(StopIteration::<i32> { value: None }.to_string(), "StopIteration");
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct StopIteration<T = ()> {
    /// What the body returned: `None` when it had ended before this resumption. `{}` prints the
    /// value as `{:?}` does.
    pub value: Option<T>,
}

impl Default for StopIteration {
    /// `StopIteration()`, without a value.
    fn default() -> Self {
        Self { value: None }
    }
}

impl<T: Debug> StopIteration<T> {
    fn message(&self) -> String {
        let value = self.value.as_ref().map(|value| format!("{value:?}"));
        // A body that returns nothing returns `()`, where Python's returns `None`: neither is shown.
        value.filter(|value| value != "()").unwrap_or_default()
    }
}

impl<T: Debug> Display for StopIteration<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        traceback_line(f, "StopIteration", &self.message())
    }
}

impl<T: Debug> Debug for StopIteration<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

impl<T: Debug> From<StopIteration<T>> for Exception {
    fn from(stop: StopIteration<T>) -> Self {
        let message = stop.message();
        Self::new("StopIteration", Stopped { message })
    }
}

/// `StopIteration` as an [`Error`]: one type whatever the `T` is, for PEP 479's rule to find.
/// `StopIteration<T>` itself is no `Error`, or it would convert into an [`Exception`] as every error does.
struct Stopped {
    message: String,
}

impl Error for Stopped {}

impl Debug for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        traceback_line(f, "StopIteration", &self.message)
    }
}

impl Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

macro_rules! python_errors {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name {
            message: String,
        }

        impl $name {
            /// The error with this message.
            pub fn new(message: impl Into<String>) -> Self {
                Self { message: message.into() }
            }
        }

        impl Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.message)
            }
        }

        impl Error for $name {}
    )*

        /// The name to show of an error whose type has been erased.
        fn class_of(error: &(dyn Error + 'static)) -> &'static str {
            match error {
                $(error if error.is::<$name>() => stringify!($name),)*
                error if error.is::<GeneratorExit>() => "GeneratorExit",
                error if error.is::<StopAsyncIteration>() => "StopAsyncIteration",
                error if error.is::<Stopped>() => "StopIteration",
                _ => "Exception",
            }
        }
    };
}

python_errors! {
    /// A value of the wrong kind was sent or met.
    ///
    /// ```
    /// use hitchhiker::coroutine::*;
    ///
    /// fn total() -> Generator<i64, i64> {
    ///     generator! {
    ///         let mut sum = 0;
    ///         loop {
    ///             sum += (yield sum).ok_or_else(|| TypeError::unsupported_operand("+=", "i64", "None"))?;
    ///         }
    ///     }
    /// }
    /// let mut coro = total();
    /// next(&mut coro)?;
    /// assert_eq!(
    ///     coro.send(None).unwrap_err().to_string(),
    ///     "TypeError: unsupported operand type(s) for +=: 'i64' and 'None'",
    /// );
    /// # Ok::<(), Raised>(())
    /// ```
    TypeError;
    /// Something was asked of a value that its type does not have.
    AttributeError;
    /// A value is of the right kind, but cannot be used.
    ValueError;
    /// A rule of generators was broken, such as that of PEP 479 or that of `close`.
    RuntimeError;
}

impl TypeError {
    /// Python's words for operands that do not go together.
    ///
    /// ```
    /// use hitchhiker::coroutine::TypeError;
    ///
    /// assert_eq!(
    ///     TypeError::unsupported_operand("+=", "int", "NoneType").to_string(),
    ///     "unsupported operand type(s) for +=: 'int' and 'NoneType'",
    /// );
    /// ```
    pub fn unsupported_operand(operator: &str, left: &str, right: &str) -> Self {
        Self::new(format!(
            "unsupported operand type(s) for {operator}: '{left}' and '{right}'"
        ))
    }
}

/// What [`close`](super::Generator::close) throws at the `yield` where the body is suspended
/// (PEP 342, "New generator method: close()").
///
/// ```
/// use hitchhiker::coroutine::*;
///
/// assert_eq!(Exception::from(GeneratorExit).to_string(), "GeneratorExit");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GeneratorExit;

impl Display for GeneratorExit {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(()) // Python's `GeneratorExit` has no message
    }
}

impl Error for GeneratorExit {}

/// The end of an asynchronous generator, as an error. `?` raises it in a body that resumes another
/// generator, and [`aclose`](super::AsyncGenerator::aclose) gives it where the body has ignored an
/// `aclose` before.
///
/// What [`anext`](super::anext) gives at the end is [`AsyncRaised::StopAsyncIteration`].
///
/// [`AsyncRaised::StopAsyncIteration`]: super::AsyncRaised::StopAsyncIteration
///
/// ```
/// use hitchhiker::coroutine::*;
///
/// let end = Exception::from(AsyncRaised::StopAsyncIteration);
/// assert!(end.is::<StopAsyncIteration>());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StopAsyncIteration;

impl Display for StopAsyncIteration {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(()) // Python's `StopAsyncIteration` has no message
    }
}

impl Error for StopAsyncIteration {}
